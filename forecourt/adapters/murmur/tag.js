// Murmur Ads. Asks the page what its visitor chose, and loads its pixel only where that is not a no.
(function () {
  "use strict";
  var here = new URL(document.currentScript.src);

  function isNo(sections) {
    var core = (sections.usnat || [])[0] || {};
    var signal = (sections.usnat || [])[1] || {};
    return signal.Gpc !== false || core.SaleOptOut !== 2 || core.SharingOptOut !== 2 || core.TargetedAdvertisingOptOut !== 2;
  }

  if (typeof window.__gpp !== "function") return;
  window.__gpp("ping", function (said, isSaid) {
    if (!isSaid || isNo(said.parsedSections)) return;
    var pixel = new URL("p.gif", here);
    pixel.search = here.search;
    pixel.searchParams.set("gpp", said.gppString);
    pixel.searchParams.set("gpp_sid", said.sectionList.join(","));
    var image = new Image(1, 1);
    image.referrerPolicy = "strict-origin";
    image.src = pixel.href;
  });
})();
