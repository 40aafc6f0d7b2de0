/* Two things the theme leaves to a mouse or to the eye alone. */
(() => {
  "use strict";

  /* Name the arrows that unfold a chapter's pages in the side bar. */
  const nameArrows = () =>
    document.querySelectorAll("nav details > summary").forEach((summary) => {
      const link = summary.closest("li")?.querySelector("a");
      const title = link ? link.textContent.trim() : "chapter";
      summary.setAttribute("aria-label", `Pages under ${title}`);
    });

  /* Let the keyboard scroll a formula that is wider than the screen. */
  const reachFormulas = () =>
    document
      .querySelectorAll("div.math, mjx-container[display='true']")
      .forEach((box) => {
        if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
        else box.removeAttribute("tabindex");
      });

  document.addEventListener("DOMContentLoaded", nameArrows);
  window.addEventListener("load", () => {
    const typeset = window.MathJax?.startup?.promise ?? Promise.resolve();
    typeset.then(reachFormulas);
    window.addEventListener("resize", reachFormulas);
  });
})();
