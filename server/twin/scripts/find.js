// The static twin has nobody who answers: the box and the page of the search look into an index that comes as a file.
(() => {
  const MOST = 50;
  const script = new URL(document.currentScript.src);
  const root = new URL("..", script);
  const language = document.documentElement.lang;
  const ending = language === "en" ? ".html" : `.${language}.html`;
  const AT = /\s*[[(]\s*(?:at|@)\s*[\])]\s*/g;
  let index = null;

  function load() {
    index ??= new Promise((resolve, reject) => {
      const file = document.createElement("script");
      file.src = new URL(`search-index.js${script.search}`, script);
      file.addEventListener("load", () => resolve(prepare(globalThis.madoguchiIndex)));
      file.addEventListener("error", reject);
      document.head.append(file);
    });
    return index;
  }

  function prepare(found) {
    const rules = found.rules.map(([pattern, sound]) => [new RegExp(pattern, "g"), sound.replace(/\\(\d)/g, "$$$1")]);
    return { entries: found.entries, sound: (text) => rules.reduce((made, [pattern, sound]) => made.replace(pattern, sound), text) };
  }

  // One width, one case, hiragana, no accents, as the keys of the index are written.
  function fold(text) {
    const wide = text.normalize("NFKC").toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
    return wide
      .replace(/(?<=[\u3005-\u3007\u3400-\u9fff])[\u30f6\u30f5\u30b1\u30ab](?=[\u3005-\u3007\u3400-\u9fff])/g, "\u3051")
      .replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
      .replace(AT, "@")
      .replace(/^(?:mailto:|https?:\/\/)/, "");
  }

  function grade(entry, words, wholes, sounds) {
    const { keys, around } = entry;
    if (keys.some((key) => wholes.includes(key))) return 4;
    if (keys.some((key) => wholes.some((whole) => key.startsWith(whole)))) return 3;
    const own = words.map((word, n) => keys.some((key) => key.includes(word) || key.includes(sounds[n])));
    if (!own.includes(true)) return 0;
    if (!own.includes(false)) return 2;
    const all = words.every((word, n) => own[n] || around.some((key) => key.startsWith(word) || key.startsWith(sounds[n])));
    return all ? 1 : 0;
  }

  // What a question finds, in the form of the server's answers.
  async function find(question, most) {
    const { entries, sound } = await load();
    const words = fold(question.slice(0, 200)).split(/[\s,;\u3001\u3002\u30fb'\u2019()<>"]+/).filter(Boolean).slice(0, 12);
    if (!words.length) return { total: 0, hits: [], guesses: [] };
    const sounds = words.map(sound);
    const wholes = [words.join(""), sound(words.join(""))];
    const found = entries
      .map((entry, number) => ({ entry, number, grade: grade(entry, words, wholes, sounds) }))
      .filter((hit) => hit.grade)
      .sort((a, b) => b.grade - a.grade || a.number - b.number);
    const hits = found.slice(0, most).map(({ entry }) => ({ ...entry, match: "", page: new URL(entry.page + ending, root).href }));
    return { total: found.length, hits, guesses: [] };
  }

  function addText(parent, className, text, lang) {
    const part = document.createElement("span");
    part.className = className;
    part.textContent = text;
    if (lang && lang !== language) part.lang = lang;
    parent.append(" ", part);
  }

  function showHit(hit, texts) {
    const item = document.createElement("li");
    const tags = [language, "en", "ja-latn", "ja", ""].filter((tag, n, all) => hit.name[tag] && all.indexOf(tag) === n);
    const link = document.createElement("a");
    link.href = hit.page;
    link.textContent = hit.name[tags[0]] || Object.values(hit.name)[0];
    if (tags[0] && tags[0] !== language) link.lang = tags[0];
    item.append(link);
    const other = language === "ja" ? "en" : "ja";
    if (hit.name[other] && tags[0] !== other) addText(item, "other", hit.name[other], other);
    addText(item, "quiet", texts[hit.kind]);
    for (const place of hit.within.slice(0, 2)) addText(item, "quiet", place.name[language] || Object.values(place.name)[0]);
    for (const email of hit.kind === "email" ? [] : hit.emails) addText(item, "quiet", email);
    if (hit.editions.length && !hit.current) addText(item, "badge", texts.past);
    return item;
  }

  async function showPage(place) {
    const question = new URLSearchParams(location.search).get("q")?.trim();
    if (!question) return;
    const form = document.querySelector("main form.search-box");
    const texts = JSON.parse(form.dataset.texts);
    form.querySelector("input").value = question;
    const { total, hits } = await find(question, MOST);
    place.querySelector("[role=status]").textContent = total ? place.dataset.some.replace("NUMBER", total) : texts.none;
    place.querySelector("ul").replaceChildren(...hits.map((hit) => showHit(hit, texts)));
    place.hidden = false;
  }

  // The page that stands for what needs the live service links to just what was asked for there.
  function showLive(link) {
    const asked = new URLSearchParams(location.search);
    const to = asked.get("to") || "";
    if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(to)) return;
    asked.delete("to");
    const address = new URL(to.slice(1), link.href);
    for (const [name, value] of asked) address.searchParams.append(name, value);
    if (!address.href.startsWith(link.href)) return;
    link.href = address.href;
    link.textContent = address.href;
  }

  globalThis.madoguchiFind = find;
  document.querySelectorAll("#found-here").forEach(showPage);
  document.querySelectorAll("#live-address").forEach(showLive);
})();
