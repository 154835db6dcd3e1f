// The GPP CMP API 1.1 for partners that read it: window.__gpp(command, callback, parameter), and the same by postMessage for
// those in frames. What it says stands in the attributes of its own script element (consent/gpp/page.py); whoever changes
// them changes what listeners hear. Written in ES5, since partners support older browsers than we do.
(function () {
  "use strict";

  var ATTRIBUTES = [
    "data-gpp-string", "data-section-list", "data-applicable-sections", "data-supported-apis", "data-sections"
  ];
  var element = document.currentScript;
  var stub = typeof window.__gpp === "function" ? window.__gpp : null;
  var listeners = [];
  var lastId = 0;
  var status = { cmpStatus: "loading", signalStatus: "not ready" };
  var state = nothing();

  function nothing() {
    return { gppString: "", sectionList: [], applicableSections: [], supportedAPIs: [], parsedSections: {} };
  }

  function attribute(name) {
    var value = element.getAttribute(name);
    if (value === null) throw new Error(name + " is missing");
    return value;
  }

  function read() {
    return {
      gppString: attribute("data-gpp-string"),
      sectionList: JSON.parse(attribute("data-section-list")),
      applicableSections: JSON.parse(attribute("data-applicable-sections")),
      supportedAPIs: JSON.parse(attribute("data-supported-apis")),
      parsedSections: JSON.parse(attribute("data-sections"))
    };
  }

  // Callers get copies: what one of them changes is not what the next one reads.
  function copy(value) {
    return JSON.parse(JSON.stringify(value));
  }

  function ping() {
    var data = copy(state);
    data.gppVersion = "1.1";
    data.cmpStatus = status.cmpStatus;
    data.cmpDisplayStatus = null; // the page has a link to the choices, and nothing that lies over it
    data.signalStatus = status.signalStatus;
    data.cmpId = 0; // not registered with the IAB
    return data;
  }

  function section(name) {
    return Object.prototype.hasOwnProperty.call(state.parsedSections, name) ? state.parsedSections[name] : null;
  }

  function field(path) {
    var parts = String(path).split(".");
    var subsections = parts.length === 2 ? section(parts[0]) || [] : [];
    for (var i = 0; i < subsections.length; i++) {
      if (Object.prototype.hasOwnProperty.call(subsections[i], parts[1])) return subsections[i][parts[1]];
    }
    return null;
  }

  function event(name, id, data) {
    return { eventName: name, listenerId: id, data: data, pingData: ping() };
  }

  // A partner's broken callback must not keep the others from hearing of a no.
  function tell(callback, data, success) {
    try {
      callback(data, success);
    } catch (error) {
      window.setTimeout(function () { throw error; }, 0);
    }
  }

  function fire(name, data) {
    listeners.slice().forEach(function (listener) {
      if (listeners.indexOf(listener) >= 0) tell(listener.callback, event(name, listener.id, data), true);
    });
  }

  function remove(id) {
    var before = listeners.length;
    listeners = listeners.filter(function (listener) { return listener.id !== id; });
    return listeners.length < before;
  }

  var commands = {
    ping: function (callback) {
      tell(callback, ping(), true);
    },
    addEventListener: function (callback) {
      lastId += 1;
      listeners.push({ id: lastId, callback: callback });
      tell(callback, event("listenerRegistered", lastId, true), true);
    },
    removeEventListener: function (callback, id) {
      tell(callback, remove(id), true);
    },
    hasSection: function (callback, name) {
      tell(callback, section(name) !== null, true);
    },
    getSection: function (callback, name) {
      tell(callback, copy(section(name)), section(name) !== null);
    },
    getField: function (callback, path) {
      tell(callback, copy(field(path)), field(path) !== null);
    }
  };

  function api(command, callback, parameter) {
    var heard = typeof callback === "function" ? callback : function () {};
    var known = typeof command === "string" && Object.prototype.hasOwnProperty.call(commands, command);
    if (!known || (status.cmpStatus === "error" && command !== "ping")) return tell(heard, null, false);
    commands[command](heard, parameter);
  }

  function set(name, value) {
    status[name] = value;
    fire(name, value);
  }

  function load() {
    try {
      state = read();
    } catch (error) {
      state = nothing();
      set("cmpStatus", "error");
      fire("error", "The attributes of gpp.js cannot be read: " + error.message);
      return false;
    }
    if (status.cmpStatus !== "loaded") set("cmpStatus", "loaded");
    return true;
  }

  function reload() {
    var before = state.parsedSections;
    if (status.signalStatus === "ready") set("signalStatus", "not ready");
    if (!load()) return;
    var names = Object.keys(before).concat(Object.keys(state.parsedSections));
    names.forEach(function (name, at) {
      if (names.indexOf(name) === at && JSON.stringify(before[name]) !== JSON.stringify(state.parsedSections[name])) {
        fire("sectionChange", name);
      }
    });
    set("signalStatus", "ready");
  }

  // Partners in frames find the page by a frame of this name, and ask it by message.
  function addLocator() {
    if (window.frames.__gppLocator) return;
    if (!document.body) return void window.setTimeout(addLocator, 10);
    var frame = document.createElement("iframe");
    frame.name = "__gppLocator";
    frame.style.display = "none";
    document.body.appendChild(frame);
  }

  function answer(message) {
    var isText = typeof message.data === "string";
    var asked;
    try {
      asked = isText ? JSON.parse(message.data) : message.data;
    } catch (_) {
      return; // somebody else's message
    }
    var call = asked && typeof asked === "object" ? asked.__gppCall : null;
    if (!call || typeof call !== "object" || !message.source) return;
    var to = message.origin && message.origin !== "null" ? message.origin : "*";
    window.__gpp(call.command, function (value, success) {
      var reply = { __gppReturn: { returnValue: value, success: success, callId: call.callId } };
      if (message.source) message.source.postMessage(isText ? JSON.stringify(reply) : reply, to);
    }, call.parameter, call.version);
  }

  function queued() {
    try {
      return (stub && (stub.queue || stub())) || [];
    } catch (_) {
      return [];
    }
  }

  // What a partner's stub took before we came: its listeners keep their numbers, and its queue is answered in order.
  function takeOver() {
    var queue = queued();
    var registered = (stub && stub.events) || [];
    lastId = (stub && stub.lastId) || 0;
    registered.forEach(function (one) {
      lastId = Math.max(lastId, one.id);
      if (typeof one.callback === "function") listeners.push({ id: one.id, callback: one.callback });
    });
    window.__gpp = api;
    if (load()) set("signalStatus", "ready");
    queue.forEach(function (call) { api(call[0], call[1], call[2]); });
  }

  takeOver();
  // A stub already answers messages, through whatever window.__gpp is by then.
  if (!stub || !window.__gpp_msghandler) window.addEventListener("message", answer, false);
  addLocator();
  if (window.MutationObserver) new MutationObserver(reload).observe(element, { attributes: true, attributeFilter: ATTRIBUTES });
})();
