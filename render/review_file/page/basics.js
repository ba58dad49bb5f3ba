// What the page was given, and how elements are made. Texts become text, never markup.
const sheet = JSON.parse(document.getElementById("sheet").textContent);
const byId = (id) => document.getElementById(id);

function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((each) => each !== null));
  return made;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
}

// What a keyboard may write into a note; anything else would be refused when it comes home.
function plain(text) {
  return text.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Cs}/gu, "").trim();
}

function plainName(text) {
  return text.replace(/[\p{C}\p{Z}\s]+/gu, " ").trim().slice(0, 80).trim();
}

const several = (count, one, more) => `${count} ${count === 1 ? one : more}`;
