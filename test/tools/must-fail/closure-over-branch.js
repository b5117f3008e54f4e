// expect: use-before-definition "`size` exists only if its var statement in a branch"
var unit = (function () {
  function measure(text) {
    if (text) {
      var size = text.length;
    }
    return function () {
      return /*!*/size;
    };
  }
  return measure;
})();
