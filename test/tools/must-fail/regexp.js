// expect: regexp "/,+/"
var unit = (function () {
  return 'a,,b'.split(/*!*//,+/);
})();
