// expect: split-limit "'a,b,c'.split(',', 2)"
var unit = (function () {
  return /*!*/'a,b,c'.split(',', 2);
})();
