// expect: use-before-definition "this call reaches `answer`, before its function statement"
var unit = (function () {
  function connect(open) {
    open(function () {
      /*!*/answer();
    });
    function answer() {
      return 1;
    }
  }
  return connect;
})();
