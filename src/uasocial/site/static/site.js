/* What the pages can do more with script than without. Nothing is stored, nothing is sent.
   Written for Chrome 90 and Safari 14; works from a disk as well, so there are no modules. */
(function () {
  "use strict";

  var page = document.body;
  var DAY = 86400000;
  // A rehearsed page lives in its own moment.
  var offset = page.dataset.now ? Number(page.dataset.now) - Date.now() : 0;

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  function show(element, shown) {
    if (element) element.hidden = !shown;
  }

  function now() {
    return Date.now() + offset;
  }

  // --- a page refuses by itself -------------------------------------------------------------

  function refuse(selector) {
    all("[data-hands-out]").forEach(function (part) { part.remove(); });
    // On paper, too, it says why.
    all(".case").forEach(function (part) { part.classList.remove("open"); });
    show(document.querySelector(selector), true);
  }

  /** Take away what must not be handed out any more; false where the page has refused. */
  function look() {
    takeAway();
    all("[data-days-left]").forEach(countDays);
    if (page.dataset.closes && now() >= Number(page.dataset.closes)) {
      show(document.querySelector(".days"), false);
      refuse("[data-when-over]");
      return false;
    }
    if (page.dataset.fresh && Date.now() >= Number(page.dataset.fresh)) {
      refuse("[data-when-stale]");
      return false;
    }
    return true;
  }

  function takeAway() {
    all("[data-true-until]").forEach(function (part) {
      if (now() >= Number(part.dataset.trueUntil)) part.remove();
    });
    all("[data-wordings]").forEach(keepOne);
    all(".card[data-closes]").forEach(function (card) {
      if (now() >= Number(card.dataset.closes)) card.remove();
    });
    if (!document.querySelector(".card")) show(document.querySelector("[data-when-none]"), true);
  }

  /** Show another wording where the one that was shown is not true any more. */
  function keepOne(group) {
    var parts = all("[data-wording]", group);
    if (!parts.length) group.closest(".platform").remove();
    else if (parts.every(function (part) { return part.hidden; })) turnTo(parts, 0);
    if (parts.length < 2) show(group.querySelector("[data-next]"), false);
  }

  function turnTo(parts, at) {
    parts.forEach(function (part, number) { show(part, number === at); });
    fit(parts[at].querySelector("textarea"));
  }

  function countDays(shown) {
    var from = shown.dataset.left ? shown : page;
    var said = JSON.parse(from.dataset.left);
    var over = now() - Number(from.dataset.todayEnds);
    var passed = over < 0 ? 0 : 1 + Math.floor(over / DAY);
    // Of a page that is too old nobody knows it.
    show(shown, Boolean(said[passed]));
    if (said[passed]) shown.textContent = said[passed];
  }

  // --- sharing and copying ------------------------------------------------------------------

  function setUpShare(button) {
    if (!navigator.share) return;
    // Where there is no text, the page itself is shared.
    var said = button.dataset;
    var shared = said.share ? { title: said.shareTitle, text: said.share }
      : { title: said.shareTitle, url: said.shareAddress };
    button.setAttribute("role", "button");
    button.addEventListener("click", function (event) {
      var isOpen = look();
      // What is not true any more is not shared: the link leads to the texts.
      if (isOpen && now() >= Number(button.dataset.shareUntil || Infinity)) return;
      event.preventDefault();
      if (!isOpen) return;
      navigator.share(shared).catch(function (error) {
        // Whoever closes the sheet has decided; whatever else goes wrong, the link leads on.
        if (error.name !== "AbortError") location.hash = button.hash;
      });
    });
    button.addEventListener("keydown", function (event) {
      if (event.key === " ") { event.preventDefault(); button.click(); }
    });
  }

  /** Say what has come of a button, beside it; *what* names one of the messages. */
  function say(what, button) {
    var place = document.querySelector("[data-said]");
    place.textContent = "";
    button.closest("p").insertAdjacentElement("afterend", place);
    setTimeout(function () { place.textContent = place.dataset[what]; }, 100);
  }

  function textOf(element) {
    if (element.value !== undefined) return element.value;
    return all("p", element).map(function (one) { return one.textContent; }).join("\n\n") || element.textContent;
  }

  function mark(element) {
    var folded = element.closest(".folded");
    if (folded) folded.previousElementSibling.open = true;
    if (element.select) {
      element.focus();
      element.select();
    } else {
      getSelection().selectAllChildren(element);
    }
  }

  function setUpCopy(button) {
    var from = document.getElementById(button.dataset.copy);
    show(button, true);
    button.addEventListener("click", function () {
      if (!look()) return;
      function byHand() {
        mark(from);
        var done = document.execCommand && document.execCommand("copy");
        say(done ? "copied" : "notCopied", button);
      }
      if (navigator.clipboard) {
        navigator.clipboard.writeText(textOf(from)).then(function () { say("copied", button); }, byHand);
      } else {
        byHand();
      }
    });
  }

  // --- words of one's own, counted as the platform counts ------------------------------------

  var loading = {};

  function load(address) {
    if (!loading[address]) {
      loading[address] = new Promise(function (resolve, reject) {
        var script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = function () { delete loading[address]; reject(new Error(address)); };
        document.head.appendChild(script);
      });
    }
    return loading[address];
  }

  function loadCounter(rule) {
    return load(page.dataset.count).then(function () {
      var tables = JSON.parse(page.dataset.tables);
      return Promise.all(window.uasocialCount.needs(rule).map(function (name) {
        return load(tables[name]);
      }));
    });
  }

  function quoted(text) {
    // Half a character has no code: it becomes the sign for what cannot be shown.
    var whole = Array.from(text, function (sign) {
      return sign >= "\ud800" && sign.length === 1 && sign <= "\udfff" ? "\ufffd" : sign;
    }).join("");
    // As RFC 3986 has it: also what encodeURIComponent leaves bare.
    return encodeURIComponent(whole).replace(/[!'()*]/g, function (sign) {
      return "%" + sign.charCodeAt(0).toString(16).toUpperCase();
    });
  }

  /** Write a number as the page has written its own: browsers part it each in their way. */
  function grouped(number) {
    return String(number).replace(/\B(?=(?:\d{3})+$)/g, page.dataset.thousand.slice(1, -3));
  }

  /** Make a field as high as its text, so that nobody sends what they have not seen. */
  function fit(field) {
    field.style.height = "0";
    // What is folded or hidden has no height yet.
    field.style.height = field.scrollHeight ? field.scrollHeight + 4 + "px" : "";
  }

  function setUpWording(part) {
    var field = part.querySelector("textarea");
    var output = part.querySelector("[data-length]");
    var opener = part.querySelector("[data-open]");
    var server = part.querySelector("[data-server]");
    var restore = part.querySelector("[data-restore]");
    var limits = JSON.parse(part.dataset.limits);
    var ours = field.value;
    var ourLength = output.textContent;
    var ourAddress = opener && opener.getAttribute("href");
    var known = all("[data-on]", part).map(function (link) { return [link, link.getAttribute("href")]; });
    var turn = 0;

    function addressOf(text, host) {
      var before = part.dataset.before;
      if (server) before = before.replace("server.invalid", host);
      // A mail has lines that end as RFC 5322 wants them.
      var words = before.indexOf("mailto:") === 0 ? text.replace(/\n/g, "\r\n") : text;
      return before + quoted(words) + part.dataset.after;
    }

    function offer(fits) {
      var text = field.value;
      var isOurs = text === ours;
      if (server) {
        var host = hostOf(server.value);
        show(opener, fits && Boolean(host));
        if (host) opener.href = addressOf(text, host);
        known.forEach(function (pair) {
          pair[0].href = isOurs ? pair[1] : addressOf(text, pair[0].dataset.on);
          show(pair[0], fits);
        });
      } else if (opener) {
        var address = isOurs || !part.dataset.before ? ourAddress : addressOf(text, "");
        var fitsMail = address.indexOf("mailto:") !== 0 || address.length <= Number(page.dataset.mail);
        opener.href = address;
        show(opener, fits && fitsMail);
      }
    }

    function showLength(found) {
      var length = grouped(found.length);
      output.textContent = found.limit === null ? length : length + " / " + grouped(found.limit);
      part.classList.toggle("too-long", !found.fits);
      show(part.querySelector("[data-too-long]"), !found.fits);
      offer(found.fits);
    }

    function edited() {
      var mine = ++turn;
      fit(field);
      show(restore, field.value !== ours);
      if (field.value === ours) {
        output.textContent = ourLength;
        part.classList.remove("too-long");
        show(part.querySelector("[data-too-long]"), false);
        offer(true);
        return;
      }
      // Until it is counted, nothing opens with words that may be cut there.
      part.classList.add("pending");
      loadCounter(limits.rule).then(function () {
        if (mine !== turn) return;
        showLength(window.uasocialCount.measure(limits, field.value, part.dataset.warning));
        part.classList.remove("pending");
      }, function () {
        output.textContent = "?";
        part.classList.remove("pending");
        offer(true);
      });
    }

    field.readOnly = false;
    field.setAttribute("autocomplete", "off");
    field.addEventListener("input", edited);
    restore.addEventListener("click", function () {
      field.value = ours;
      edited();
      field.focus();
    });
    if (opener) {
      opener.addEventListener("click", function (event) {
        if (!look() || part.classList.contains("pending")) event.preventDefault();
      });
    }
    if (server) {
      show(part.querySelector("[data-choose]"), true);
      server.addEventListener("input", function () {
        offer(!part.classList.contains("too-long"));
      });
    }
  }

  function hostOf(written) {
    var host = written.trim().toLowerCase().replace(/^https?:\/\//, "").replace(/[/?#].*$/, "");
    // Somebody may write the whole handle, @name@server.
    host = host.slice(host.lastIndexOf("@") + 1);
    return /^[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))+(?::[0-9]{1,5})?$/.test(host) ? host : "";
  }

  /** Show one wording at a time, and not the same to everybody: alike posts help nobody. */
  function setUpWordings(group) {
    var parts = all("[data-wording]", group);
    if (parts.length < 2) return;
    turnTo(parts, Math.floor(Math.random() * parts.length));
    show(group.querySelector("[data-next]"), true);
    group.querySelector("[data-next-wording]").addEventListener("click", function () {
      if (!look()) return;
      // Some may be gone since.
      var there = all("[data-wording]", group);
      var at = there.findIndex(function (part) { return !part.hidden; });
      turnTo(there, (at + 1) % there.length);
    });
  }

  // --- ties, the embassy, paper ----------------------------------------------------------------

  function setUpTies(link) {
    link.addEventListener("click", function (event) {
      // Nobody who sees the address later is to know.
      event.preventDefault();
      var ways = document.querySelector(".ways");
      var quiet = document.getElementById("quiet");
      // An e-mail and a call show who one is.
      var letter = document.querySelector("#letter[data-by-post]");
      var texts = document.getElementById("texts");
      page.classList.add("ties-first");
      // Moved in the document and not only on the screen: who listens to it meets them first, too.
      if (letter) ways.insertBefore(letter, ways.firstChild);
      ways.insertBefore(quiet, ways.firstChild);
      if (texts) {
        var list = texts.querySelector(".platforms");
        var forwarded = all("[data-forwarded]", list);
        forwarded.reverse().forEach(function (one) { list.insertBefore(one, list.firstChild); });
        all(".platform", list).forEach(function (one) { one.open = one === forwarded[forwarded.length - 1]; });
      }
      all(".fold", quiet).forEach(function (fold) { fold.open = true; });
      // The one big button shares by the phone's own sheet, which may lead to a public post.
      show(document.querySelector(".share"), false);
      quiet.focus();
    });
  }

  function setUpCountries(copies) {
    var choose = copies.querySelector("[data-choose-country]");
    var field = copies.querySelector("select");
    if (field.options.length < 3) return;
    show(choose, true);
    field.addEventListener("change", function () {
      all("[data-from]", copies).forEach(function (copy) {
        show(copy, !field.value || copy.dataset.from === field.value);
        // What is open is printed behind the letter.
        copy.querySelector(".fold").open = copy.dataset.from === field.value;
      });
    });
  }

  /** Print the letter that the button belongs to; the browser's own menu prints all of them. */
  function setUpPrint(button) {
    show(button, true);
    button.addEventListener("click", function () {
      if (!look()) return;
      all(".letter").forEach(function (one) { one.classList.toggle("printed", one.contains(button)); });
      page.classList.add("one-letter");
      window.print();
    });
  }

  if (!look()) return;
  all("[data-share-title]").forEach(setUpShare);
  all("[data-copy]").forEach(setUpCopy);
  all("[data-wording]").forEach(setUpWording);
  all("[data-wordings]").forEach(setUpWordings);
  all("textarea").forEach(fit);
  all("details").forEach(function (one) {
    // What is folded has no height before it is opened.
    one.addEventListener("toggle", function () { all("textarea", one.parentNode).forEach(fit); });
  });
  all("[data-ties]").forEach(setUpTies);
  all("[data-copies]").forEach(setUpCountries);
  all("[data-print]").forEach(setUpPrint);
  addEventListener("afterprint", function () { page.classList.remove("one-letter"); });
  document.addEventListener("visibilitychange", look);
  setInterval(look, 60000);
})();
