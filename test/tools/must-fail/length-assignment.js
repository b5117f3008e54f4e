// expect: length-assignment "`queue.length`"
var unit = (function () {
  var queue = [1];
  /*!*/queue.length = 0;
  return queue;
})();
