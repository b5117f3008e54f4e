// expect: es5-parse "syntax error"
var unit = (function () {
  return 1 +/*!*/;
})();
