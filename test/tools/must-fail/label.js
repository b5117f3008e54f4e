// expect: label "`outer`"
var unit = (function () {
  function find(rows) {
    /*!*/outer: for (var i = 0; i < rows.length; i++) {
      for (var k = 0; k < 2; k++) if (rows[i] === k) break outer;
    }
    return i;
  }
  return find;
})();
