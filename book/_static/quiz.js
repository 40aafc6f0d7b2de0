/* Turn each question of a quiz into radio buttons with a button. The page
   works without this script: every answer opens to its feedback. */
(() => {
  "use strict";

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) =>
      node.setAttribute(name, value)
    );
    node.append(...children);
    return node;
  };

  const readAnswer = (details) => ({
    correct: details.dataset.correct === "true",
    text: [...details.querySelector("summary").childNodes],
    feedback: details.querySelector(".quiz-feedback"),
  });

  const buildChoice = (name, answer, index) => {
    const id = `${name}-${index}`;
    const input = make("input", { type: "radio", name, id, value: index });
    const label = make("label", { for: id }, ...answer.text);
    return make("div", { class: "quiz-choice" }, input, label);
  };

  const enhance = (question) => {
    const name = question.id;
    const prompt = question.querySelector(".quiz-prompt");
    const answers = [...question.querySelectorAll(".quiz-answer")].map(
      readAnswer
    );
    const legend = make("legend", {}, ...prompt.childNodes);
    const choices = answers.map((answer, i) => buildChoice(name, answer, i));
    const button = make("button", { type: "submit" }, "Check the answer");
    const result = make("div", {
      class: "quiz-result",
      role: "status",
      "aria-live": "polite",
    });
    const form = make(
      "form",
      { class: "quiz-form" },
      make("fieldset", {}, legend, ...choices),
      button,
      result
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const picked = form.querySelector("input:checked");
      choices.forEach((choice) => choice.classList.remove("right", "wrong"));
      result.classList.remove("right", "wrong");
      if (!picked) {
        result.replaceChildren("Choose an answer first.");
        return;
      }
      const answer = answers[Number(picked.value)];
      const verdict = answer.correct ? "right" : "wrong";
      picked.parentElement.classList.add(verdict);
      result.classList.add(verdict);
      result.replaceChildren(answer.feedback);
    });
    question.replaceChildren(form);
  };

  document.addEventListener("DOMContentLoaded", () =>
    document.querySelectorAll(".quiz-question").forEach(enhance)
  );
})();
