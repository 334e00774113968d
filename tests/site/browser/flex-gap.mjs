// A rule of Stylelint: a gap only where the same rule makes a grid or columns.
//
// Safari 14.0 knows `gap`, though not between the items of a flex container, and no @supports can
// tell the two apart: https://caniuse.com/flexbox-gap
import stylelint from "stylelint";

const ruleName = "floor/flex-gap";
const LAYOUT = /^(?:display|columns|column-count|column-width)$/;
const OTHER = /^(?!.*flex)(?!.*block).*$/;

function rule(primary) {
  return (root, result) => {
    root.walkDecls(/^(?:row-|column-)?gap$/, (node) => {
      const layouts = node.parent.nodes.filter((one) => LAYOUT.test(one.prop));
      if (layouts.some((one) => OTHER.test(one.value))) return;
      const message = `"${node.prop}" without a grid in the same rule: Safari 14.0 has no gap in flex`;
      stylelint.utils.report({ ruleName, result, node, message });
    });
  };
}

rule.ruleName = ruleName;
rule.messages = {};

export default stylelint.createPlugin(ruleName, rule);
