// expect: absent-static "is undefined: only instances"
var unit = (function () {
  function copy(list) {
    return /*!*/Array.prototype.slice.call(list, 0);
  }
  return copy;
})();
