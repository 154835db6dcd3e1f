// The dealers on a map of states and counties. Nobody is asked for a tile, and without this file the list says it all.
const COUNTIES_FROM = 7;
const box = document.querySelector(".finder-map");

if (box) whenNear(box, () => whenIdle(() => show(box).catch(() => box.remove())));

// Who does not scroll to the map does not load it.
function whenNear(box, work) {
  if (getComputedStyle(box).display === "none") return work(); // a browser that keeps no place for it
  const eye = new IntersectionObserver(([seen]) => seen.isIntersecting && (eye.disconnect(), work()), { rootMargin: "300px" });
  eye.observe(box);
}

function whenIdle(work) {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 1500 });
  else setTimeout(work, 200);
}

async function show(box) {
  const { dealers: address, leaflet, style, topojson: shapes, states } = box.dataset;
  const [{ dealers }, outlines] = await Promise.all([
    fetch(address).then(read),
    fetch(states).then(read),
    load("script", { src: leaflet }),
    load("script", { src: shapes }),
    load("link", { rel: "stylesheet", href: style }),
  ]);
  box.hidden = false;
  await pause();
  const map = window.L.map(box, {
    attributionControl: false,
    scrollWheelZoom: false,
    minZoom: 3,
    maxZoom: 10,
    zoomSnap: 0.5,
    worldCopyJump: true,
    ...(matchMedia("(prefers-reduced-motion: reduce)").matches && { fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false, inertia: false }),
  });
  const listed = new Map([...document.querySelectorAll(".finder-found [data-dealer]")].map((row) => [row.dataset.dealer, row]));
  // Where to look comes first: what is added to a map without a place waits for one, and is then drawn all in one go.
  frame(map, box, dealers.filter((dealer) => listed.has(dealer.slug)));
  const land = await outline(map, outlines, "states", "map-state");
  const wanted = box.dataset.services.split(" ").filter(Boolean);
  const marks = new Map();
  for (const dealer of dealers.filter((dealer) => wanted.every((service) => dealer.services.includes(service)))) {
    const place = [...listed.keys()].indexOf(dealer.slug);
    const mark = window.L.marker(dealer.at, {
      icon: window.L.divIcon({ className: place < 0 ? "map-dealer" : "map-dealer map-listed", iconSize: [24, 24] }),
      interactive: false, // the list beside it has the links, large enough for a thumb
      keyboard: false,
      zIndexOffset: place < 0 ? 0 : 1000,
    }).addTo(map);
    marks.set(dealer.slug, mark);
    if (marks.size % 40 === 0) await pause();
  }
  for (const [slug, row] of listed) {
    for (const [event, on] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]]) {
      row.addEventListener(event, () => marks.get(slug)?.getElement()?.classList.toggle("map-pointed", on));
    }
  }
  let counties;
  const closer = async () => {
    if (map.getZoom() < COUNTIES_FROM || counties) return;
    counties = fetch(box.dataset.counties).then(read);
    await outline(map, await counties, "counties", "map-county");
    land.bringToBack();
  };
  map.on("zoomend", closer);
  await closer();
}

// A few shapes at a time, under what stands on the map already.
async function outline(map, topology, name, className) {
  const shapes = window.L.geoJSON(null, { style: { className, weight: 1, fillOpacity: 1 }, interactive: false }).addTo(map);
  const { geometries } = topology.objects[name];
  for (const [drawn, geometry] of geometries.entries()) {
    shapes.addData(window.topojson.feature(topology, geometry));
    if (drawn % 8 === 7) await pause();
  }
  return shapes.bringToBack();
}

// Around what the list shows and where they look from; else the country without its far corners.
function frame(map, box, shown) {
  const points = shown.map((dealer) => dealer.at);
  if (box.dataset.latitude) points.push([Number(box.dataset.latitude), Number(box.dataset.longitude)]);
  if (!points.length) return map.fitBounds([[25, -124], [49, -67]]);
  map.fitBounds(points, { padding: [28, 28], maxZoom: 8 });
  if (box.dataset.latitude) {
    window.L.circleMarker([Number(box.dataset.latitude), Number(box.dataset.longitude)], { className: "map-here", radius: 7, interactive: false }).addTo(map);
  }
}

// So that a press is answered between two steps.
function pause() {
  return new Promise((done) => setTimeout(done));
}

function read(answer) {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}`);
  return answer.json();
}

function load(name, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(name), attributes, { onload: resolve, onerror: reject });
    document.head.append(element);
  });
}
