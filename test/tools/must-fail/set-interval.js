// expect: set-interval "is deleted by the interpreter"
var unit = (function () {
  function beat() {}
  /*!*/setInterval(beat, 1000);
  return beat;
})();
