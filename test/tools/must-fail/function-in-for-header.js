// expect: function-in-for-header "beginning of a `for` header"
var unit = (function () {
  var turns = 0;
  for (/*!*/function () {
    turns = 3;
  }(); turns > 0; ) {
    turns--;
  }
  return turns;
})();
