var inventory = require('./')('c01dfee7ba5eba11ad0be5ec0ff1ce77');

inventory.items('10234695', function (err, res, body) {
  console.log(err || body.items.length);
});
