// What anywidget asks for: one studio for each model, and a view wherever it is shown.

export default () => {
  let studio = null;
  return {
    initialize({ model }) {
      studio = newStudio(model);
      return openStudio(studio);
    },
    render({ el }) {
      return newView(studio, el);
    },
  };
};
