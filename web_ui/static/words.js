// The sentences of the scripts in the page's language, as the page brings them. English stands here as message ids.

const translated = JSON.parse(document.querySelector('meta[name=words]').content);

const fill = (text, figures) => text.replace(/\{(\w+)\}/g, (whole, name) => figures[name] ?? whole);

/** A sentence in the page's language with its {figures} filled in. */
export const _ = (text, figures = {}) => fill(translated[text] ?? text, figures);

/** One or many. */
export function ngettext(one, many, count) {
  const both = translated[one] ?? [one, many];
  return fill(count === 1 ? both[0] : both[1], { count });
}

export const formToken = document.querySelector('meta[name=form-token]').content;
