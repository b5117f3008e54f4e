// expect: es5-parse "later than ES5"
var unit = (function () {
  /*!*/const twice = 2;
  return twice;
})();
