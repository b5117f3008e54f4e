// expect: byte-string "the string"
var unit = (function () {
  return /*!*/'\u20ac 5';
})();
