// expect: non-ascii "U+00E9"
var unit = (function () {
  return 'caf/*!*/é';
})();
