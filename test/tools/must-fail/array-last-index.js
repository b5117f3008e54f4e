// expect: absent-method "lastIndexOf"
var unit = (function () {
  return /*!*/[1, 2, 1].lastIndexOf(1);
})();
