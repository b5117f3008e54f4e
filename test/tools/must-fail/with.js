// expect: with "`with`"
var unit = (function () {
  function read(record) {
    /*!*/with (record) {
      return 1;
    }
  }
  return read;
})();
