// expect: use-before-definition "this value reaches `count`"
var unit = (function () {
  function create(ready) {
    function read() {
      return count;
    }
    if (!ready) return /*!*/read;
    var count = 1;
    return read;
  }
  return create;
})();
