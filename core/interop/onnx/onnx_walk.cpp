// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_walk.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "core/base/units.h"
#include "core/interop/documents/layer_check.h"
#include "core/interop/onnx/onnx_found.h"
#include "core/interop/onnx/onnx_graphs.h"
#include "core/interop/onnx/onnx_layers.h"
#include "core/interop/onnx/onnx_order.h"
#include "core/interop/onnx/onnx_scope.h"
#include "core/interop/onnx/onnx_shapes.h"

namespace cohelix::interop {
namespace {

using std::int64_t;

/// Functions that call each other, and bodies in bodies.
constexpr int kMostNested = 40;
/// Nodes of bodies and functions that are looked at, again for each call.
constexpr int64_t kMostInner = 500'000;

/// What is known of a value before each run of a body, from before the first and after the last.
OnnxValue joined(const OnnxValue& before, const OnnxValue& after) {
    if (!before.shape || !after.shape || before.shape->size() != after.shape->size()) return {};
    OnnxValue both = valueOf(*before.shape);
    for (std::size_t axis = 0; axis < both.shape->size(); ++axis) {
        if ((*both.shape)[axis] != (*after.shape)[axis]) (*both.shape)[axis] = -1;
    }
    return both;
}

class Walk {
public:
    explicit Walk(const onnx::ModelProto& model) : m_model(model) {
        for (const auto& function : model.functions()) {
            m_functions.emplace(function.domain() + "\n" + function.name(), &function);
        }
    }

    OnnxNetwork run() {
        OnnxScope scope(m_model.graph(), nullptr, m_budget, m_contradictions);
        OnnxNetwork found;
        graph(m_model.graph(), scope, {}, found);
        giveNames(found.layers);
        if (m_inner > kMostInner) {
            found.passedOver.push_back({m_model.graph().name(),
                                        "graph",
                                        "its bodies and functions have more than " +
                                            std::to_string(kMostInner) +
                                            " nodes; those after them are left out",
                                        {}});
        }
        if (m_contradictions.count > 0) {
            const auto others = m_contradictions.count - 1;
            found.notes.push_back(m_contradictions.first +
                                  (others > 0 ? " (" + std::to_string(others) + " more)" : ""));
        }
        return found;
    }

private:
    void graph(const onnx::GraphProto& graph, OnnxScope& scope, const std::string& prefix,
               OnnxNetwork& found) {
        const auto order = orderOf(graph);
        for (const int i : order.nodes) visit(graph.node(i), scope, prefix, found);
        for (const int i : order.circular) {
            pass(graph.node(i), prefix, found,
                 "waits for its own result: the graph runs in a circle");
        }
    }

    void visit(const onnx::NodeProto& proto, OnnxScope& scope, const std::string& prefix,
               OnnxNetwork& found) {
        if (m_depth > 0 && ++m_inner > kMostInner) return;
        if (const auto function = m_functions.find(proto.domain() + "\n" + proto.op_type());
            function != m_functions.end()) {
            return call(proto, *function->second, scope, prefix, found);
        }
        const bool standard = isStandardDomain(proto.domain());
        if (standard && proto.op_type() == "If") return branch(proto, scope, prefix, found);
        if (standard && proto.op_type() == "Loop") return loop(proto, scope, prefix, found);
        if (standard && proto.op_type() == "Scan") return scan(proto, scope, prefix, found);
        std::vector<const OnnxValue*> inputs;
        for (const auto& input : proto.input()) inputs.push_back(scope.find(input));
        const OnnxNode node(proto, std::move(inputs));
        OnnxOutputs outputs = outputsOf(node);
        for (int i = 0; i < proto.output_size(); ++i) {
            if (proto.output(i).empty()) continue;
            auto& output = outputs[static_cast<std::size_t>(i)];
            scope.set(proto.output(i), std::move(output));
            output = *scope.find(proto.output(i));
        }
        take(node, outputs, prefix, found);
    }

    void take(const OnnxNode& node, const OnnxOutputs& outputs, const std::string& prefix,
              OnnxNetwork& found) const {
        auto work = workOf(node, outputs);
        for (auto& aside : work.asides)
            aside.bounds.insert(aside.bounds.end(), m_behind.begin(), m_behind.end());
        const auto name = prefix + nodeName(node.proto());
        for (auto& layer : work.layers) {
            layer.name = layer.name.empty() ? name : name + "." + layer.name;
            found.layers.push_back(std::move(layer));
        }
        std::ranges::move(work.asides, std::back_inserter(found.asides));
        for (const auto& note : work.notes) {
            found.notes.push_back("'" + name + "' (" + node.op() + ") " + note);
        }
        if (!work.passedOver) return;
        work.passedOver->node = name;
        work.passedOver->op = node.op();
        found.passedOver.push_back(std::move(*work.passedOver));
    }

    static void pass(const onnx::NodeProto& proto, const std::string& prefix, OnnxNetwork& found,
                     const std::string& reason, std::optional<int64_t> macs = {}) {
        found.passedOver.push_back({prefix + nodeName(proto), proto.op_type(), reason, macs});
    }

    /// Looks at a graph within: a branch, a body, a function. `use` gets its scope at the end.
    void within(const onnx::GraphProto& inner, const OnnxScope* outer, const std::string& prefix,
                OnnxNetwork& found, const std::function<void(OnnxScope&)>& bind,
                const std::function<void(const OnnxScope&)>& use) {
        OnnxScope scope(inner, outer, m_budget, m_contradictions);
        bind(scope);
        ++m_depth;
        if (m_depth <= kMostNested) graph(inner, scope, prefix, found);
        --m_depth;
        use(scope);
    }

    /// A branch of an If: its work and what is known of its results.
    struct Branch {
        std::string name;
        OnnxNetwork found = {};
        std::vector<OnnxValue> results = {};
        std::optional<int64_t> macs = 0;
        int64_t nodes = 0;

        std::string workText() const {
            if (macs == 0) return name + " branch, which has no work";
            return name + " branch, " +
                   (macs ? "of " + base::grouped(*macs) + " multiply-accumulates"
                         : "whose work is not all known");
        }
    };

    Branch branchOf(const onnx::NodeProto& proto, const std::string& name, OnnxScope& scope,
                    const std::string& prefix) {
        Branch branch{.name = name};
        const auto* inner = graphOf(proto, name + "_branch");
        if (!inner) return branch;
        branch.nodes = countNodes(inner);
        within(
            *inner, &scope, prefix, branch.found, [](OnnxScope&) {},
            [&](const OnnxScope& own) {
                for (const auto& output : inner->output()) {
                    const auto* value = own.find(output.name());
                    branch.results.push_back(value ? *value : OnnxValue());
                }
            });
        branch.macs = macsOf(branch.found);
        return branch;
    }

    void branch(const onnx::NodeProto& proto, OnnxScope& scope, const std::string& prefix,
                OnnxNetwork& found) {
        const auto* condition = proto.input_size() > 0 ? scope.find(proto.input(0)) : nullptr;
        const bool known = condition && condition->numbers && condition->numbers->size() == 1 &&
                           realOf(condition->numbers->front());
        if (!known) return undecided(proto, scope, prefix, found);
        const bool then = *realOf(condition->numbers->front()) != 0;
        const auto left = countNodes(graphOf(proto, then ? "else_branch" : "then_branch"));
        auto taken = branchOf(proto, then ? "then" : "else", scope, prefix);
        for (int i = 0; i < std::min(proto.output_size(), static_cast<int>(taken.results.size()));
             ++i) {
            scope.set(proto.output(i), taken.results[static_cast<std::size_t>(i)]);
        }
        append(found, std::move(taken.found));
        pass(proto, prefix, found,
             "only chooses, here by the sizes the " + taken.name + " branch and not the " +
                 base::counted(left, "node", "nodes") + " of the other",
             0);
    }

    /// Either branch may run: the one with more work is priced, which is a bound.
    void undecided(const onnx::NodeProto& proto, OnnxScope& scope, const std::string& prefix,
                   OnnxNetwork& found) {
        auto taken = branchOf(proto, "then", scope, prefix);
        auto left = branchOf(proto, "else", scope, prefix);
        // Work that nobody knows may be any.
        const bool more = taken.macs && (!left.macs || *left.macs > *taken.macs);
        if (more) std::swap(taken, left);
        const auto name = "'" + prefix + nodeName(proto) + "' (If) ";
        if (!sameWork(taken.found, left.found)) {
            const auto reason = "may take its " + left.workText() + ", while it runs; the " +
                                taken.workText() + ", is taken";
            found.notes.push_back(name + reason);
            // Fewer multiply-accumulates may still take longer.
            boundAll(taken.found, {proto.op_type(), reason, {}, left.macs != 0, true});
        }
        setEither(proto, scope, taken, left, name);
        append(found, std::move(taken.found));
        pass(proto, prefix, found,
             "only chooses, while it runs: the " + taken.name + " branch is taken, which " +
                 "has no less work than the " + base::counted(left.nodes, "node", "nodes") +
                 " of the other",
             0);
    }

    /// What holds whichever branch runs; shapes that differ are those of the branch taken.
    void setEither(const onnx::NodeProto& proto, OnnxScope& scope, const Branch& taken,
                   const Branch& left, const std::string& name) {
        for (std::size_t i = 0; i < static_cast<std::size_t>(proto.output_size()); ++i) {
            if (i >= taken.results.size()) return;
            auto value = taken.results[i];
            const auto other = i < left.results.size() ? left.results[i] : OnnxValue();
            const bool same = value.numbers && other.numbers && *value.numbers == *other.numbers;
            if (!same) value.numbers.reset();
            if (value.shape != other.shape) {
                boundBehind({proto.op_type(),
                             "stands behind " + name + "whose branches give '" +
                                 proto.output(static_cast<int>(i)) +
                                 "' different shapes: that of the " + taken.name +
                                 " branch is taken",
                             {},
                             true,
                             true});
            }
            scope.set(proto.output(static_cast<int>(i)), std::move(value));
        }
    }

    /// Bodies are looked at several times.
    void boundBehind(const hardware::BoundedWork& work) {
        if (std::ranges::find(m_behind, work) == m_behind.end()) m_behind.push_back(work);
    }

    void loop(const onnx::NodeProto& proto, OnnxScope& scope, const std::string& prefix,
              OnnxNetwork& found) {
        const auto* body = graphOf(proto, "body");
        if (!body || body->input_size() < proto.input_size()) {
            return pass(proto, prefix, found, "its body does not fit it");
        }
        // What is carried from run to run stands behind the number and the condition.
        std::vector<OnnxValue> carried;
        for (int i = 2; i < proto.input_size(); ++i) {
            const auto* value = scope.find(proto.input(i));
            carried.push_back(value && value->shape ? valueOf(*value->shape) : OnnxValue());
        }
        bool goesOn = false;
        const auto results = settled(*body, scope, prefix, 2, 1, carried, goesOn);
        OnnxNetwork inner;
        within(
            *body, &scope, prefix, inner, [&](OnnxScope& own) { bindAll(own, *body, 2, carried); },
            [](const OnnxScope&) {});
        const auto runs = numberOf(proto, 0, scope);
        const auto condition = numberOf(proto, 1, scope);
        const bool starts = proto.input_size() < 2 || proto.input(1).empty() || condition == 1;
        if ((runs && *runs <= 0) || condition == 0) return neverRuns(proto, scope, prefix, found);
        const bool counted = runs && *runs <= kMostSize;
        if (counted && !(starts && goesOn)) {
            const auto reason =
                "may end before its most, " + std::to_string(*runs) + " runs, which are taken";
            found.notes.push_back("'" + prefix + nodeName(proto) + "' (Loop) " + reason);
            boundAll(inner, {proto.op_type(), reason, {}, false, true});
        }
        setResults(proto, scope, carried, results, counted ? *runs : -1, 0);
        if (runs && !counted) return tooManyRuns(proto, prefix, inner, *runs, found);
        finishBody(proto, prefix, std::move(inner), runs, found);
    }

    /// What is carried stays as it was; of all runs side by side there is none.
    static void neverRuns(const onnx::NodeProto& proto, OnnxScope& scope, const std::string& prefix,
                          OnnxNetwork& found) {
        for (int i = 0; i < proto.output_size(); ++i) {
            const auto* value =
                i + 2 < proto.input_size() ? scope.find(proto.input(i + 2)) : nullptr;
            scope.set(proto.output(i), value ? *value : OnnxValue());
        }
        pass(proto, prefix, found, "runs its body not once", 0);
    }

    static void tooManyRuns(const onnx::NodeProto& proto, const std::string& prefix,
                            const OnnxNetwork& inner, int64_t runs, OnnxNetwork& found) {
        const auto each = macsOf(inner);
        pass(proto, prefix, found,
             "runs its body " + base::grouped(runs) + " times, and a layer holds " +
                 base::grouped(kMostSize) + " at most",
             each ? checkedProduct(*each, runs) : std::nullopt);
    }

    void scan(const onnx::NodeProto& proto, OnnxScope& scope, const std::string& prefix,
              OnnxNetwork& found) {
        const auto* body = graphOf(proto, "body");
        const OnnxNode node(proto, {});
        const auto scanned = node.integer("num_scan_inputs", -1);
        const auto states = proto.input_size() - scanned;
        if (!body || scanned < 1 || states < 0 || body->input_size() != proto.input_size()) {
            return pass(proto, prefix, found,
                        "its body does not fit its inputs, or it is one of operator set 8");
        }
        std::vector<OnnxValue> carried, slices;
        int64_t steps = -1;
        const auto axes = node.integers("scan_input_axes");
        for (int i = 0; i < proto.input_size(); ++i) {
            const auto* value = scope.find(proto.input(i));
            auto known = value && value->shape ? valueOf(*value->shape) : OnnxValue();
            if (i < states) {
                carried.push_back(std::move(known));
                continue;
            }
            const auto which = static_cast<std::size_t>(i - states);
            const auto axis = axes && which < axes->size() ? (*axes)[which] : 0;
            const auto at = known.shape ? axisOf(axis, known.shape->size()) : std::nullopt;
            if (at) {
                steps = std::max(steps, (*known.shape)[*at]);
                known.shape->erase(known.shape->begin() + static_cast<std::ptrdiff_t>(*at));
            }
            slices.push_back(at ? std::move(known) : OnnxValue());
        }
        const auto fixed = static_cast<int>(states);
        bool goesOn = false;
        carried.insert(carried.end(), slices.begin(), slices.end());
        const auto results =
            settled(*body, scope, prefix, 0, 0, carried, goesOn, static_cast<std::size_t>(fixed));
        OnnxNetwork inner;
        within(
            *body, &scope, prefix, inner, [&](OnnxScope& own) { bindAll(own, *body, 0, carried); },
            [](const OnnxScope&) {});
        carried.resize(static_cast<std::size_t>(fixed));
        const bool counted = steps >= 0 && steps <= kMostSize;
        const auto outAxes = node.integers("scan_output_axes");
        setResults(proto, scope, carried, results, counted ? steps : -1,
                   outAxes && !outAxes->empty() ? outAxes->front() : 0);
        finishBody(proto, prefix, std::move(inner), counted ? std::optional(steps) : std::nullopt,
                   found);
    }

    static std::optional<int64_t> numberOf(const onnx::NodeProto& proto, int input,
                                           const OnnxScope& scope) {
        if (input >= proto.input_size()) return std::nullopt;
        const auto* value = scope.find(proto.input(input));
        if (!value || !value->numbers || value->numbers->size() != 1) return std::nullopt;
        return wholeOf(value->numbers->front());
    }

    static void bindAll(OnnxScope& own, const onnx::GraphProto& body, int from,
                        const std::vector<OnnxValue>& values) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            const int input = from + static_cast<int>(i);
            if (input < body.input_size()) own.bind(body.input(input).name(), values[i]);
        }
    }

    /// Runs the body until what is known of the carried values holds before every run; gives what
    /// is known of its results without the condition. Only the first `changing` of the values are
    /// carried; the others are the same in every run.
    std::vector<OnnxValue> settled(const onnx::GraphProto& body, const OnnxScope& scope,
                                   const std::string& prefix, int fromInput, int fromOutput,
                                   std::vector<OnnxValue>& carried, bool& goesOn,
                                   std::size_t changing = ~std::size_t{0}) {
        std::vector<OnnxValue> results;
        for (int round = 0; round < 3; ++round) {
            OnnxNetwork ignored;
            results.clear();
            within(
                body, &scope, prefix, ignored,
                [&](OnnxScope& own) { bindAll(own, body, fromInput, carried); },
                [&](const OnnxScope& own) {
                    for (int i = 0; i < body.output_size(); ++i) {
                        const auto* value = own.find(body.output(i).name());
                        const bool condition = fromOutput == 1 && i == 0;
                        if (condition) goesOn = value && isTrue(*value);
                        if (!condition) results.push_back(value ? *value : OnnxValue());
                    }
                });
            bool stable = true;
            for (std::size_t i = 0; i < std::min({carried.size(), changing, results.size()}); ++i) {
                auto both = joined(carried[i], results[i]);
                stable = stable && both.shape == carried[i].shape;
                carried[i] = std::move(both);
            }
            if (stable) break;
        }
        return results;
    }

    static bool isTrue(const OnnxValue& value) {
        return value.numbers && value.numbers->size() == 1 &&
               realOf(value.numbers->front()).value_or(0) != 0;
    }

    /// Carried values as they are at the end; the others of each run side by side.
    static void setResults(const onnx::NodeProto& proto, OnnxScope& scope,
                           const std::vector<OnnxValue>& carried,
                           const std::vector<OnnxValue>& results, int64_t runs, int64_t axis) {
        for (std::size_t i = 0; i < static_cast<std::size_t>(proto.output_size()); ++i) {
            const auto& name = proto.output(static_cast<int>(i));
            if (name.empty() || i >= results.size()) continue;
            if (i < carried.size()) {
                scope.set(name, carried[i]);
                continue;
            }
            OnnxValue all = results[i].shape ? valueOf(*results[i].shape) : OnnxValue();
            const auto at = all.shape ? axisOf(axis, all.shape->size() + 1) : std::nullopt;
            if (at) all.shape->insert(all.shape->begin() + static_cast<std::ptrdiff_t>(*at), runs);
            scope.set(name, at ? std::move(all) : OnnxValue());
        }
    }

    void finishBody(const onnx::NodeProto& proto, const std::string& prefix, OnnxNetwork inner,
                    std::optional<int64_t> runs, OnnxNetwork& found) {
        const auto name = prefix + nodeName(proto);
        const auto each = macsOf(inner);
        if (!runs) {
            if (each == 0) return pass(proto, prefix, found, "its body has no work", 0);
            return pass(
                proto, prefix, found,
                "its body runs a number of times that the file does not say" +
                    (each ? ", with " + std::to_string(*each) + " multiply-accumulates each time"
                          : std::string()));
        }
        if (*runs == 0) return;
        append(found, repeated(std::move(inner), *runs, proto.op_type(), name));
    }

    void call(const onnx::NodeProto& proto, const onnx::FunctionProto& function, OnnxScope& scope,
              const std::string& prefix, OnnxNetwork& found) {
        if (m_depth >= kMostNested) {
            return pass(proto, prefix, found, "is a function that calls itself, or calls too deep");
        }
        const auto body = bodyOf(proto, function);
        within(
            body, nullptr, prefix + nodeName(proto) + "/", found,
            [&](OnnxScope& own) {
                for (int i = 0; i < std::min(proto.input_size(), function.input_size()); ++i) {
                    const auto* value = scope.find(proto.input(i));
                    if (value) own.bind(function.input(i), *value);
                }
            },
            [&](const OnnxScope& own) {
                for (int i = 0; i < std::min(proto.output_size(), function.output_size()); ++i) {
                    const auto* value = own.find(function.output(i));
                    scope.set(proto.output(i), value ? *value : OnnxValue());
                }
            });
    }

    const onnx::ModelProto& m_model;
    std::unordered_map<std::string, const onnx::FunctionProto*> m_functions;
    NumbersBudget m_budget;
    Contradictions m_contradictions;
    std::vector<hardware::BoundedWork> m_behind;  ///< of all layers from here on
    int m_depth = 0;
    int64_t m_inner = 0;
};

}  // namespace

OnnxNetwork walked(const onnx::ModelProto& model) { return Walk(model).run(); }

}  // namespace cohelix::interop
