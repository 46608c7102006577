// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cost/pipeline_report.h"

#include <algorithm>
#include <cmath>

#include "core/base/unicode.h"
#include "core/base/units.h"
#include "core/interop/documents/mapping_json.h"

#include "app/cli/cost/explanation_report.h"
#include "app/cli/table.h"

namespace cohelix::cli {
namespace {

using base::Json;

std::string number(double value) { return base::fixed(value, value == std::floor(value) ? 0 : 2); }

/// Cycles of a part of the layer's time.
struct Part {
    const char* name;
    double each;
    double times;
    const char* remark;
    double all() const { return each * times; }
};

/// The parts in the order in which they happen; of compute and input read the longer counts.
std::vector<Part> partsOf(const hardware::PipelineTiming& timing) {
    const double steps = timing.outerTrips * timing.innerTrips;
    const bool reads = timing.inputRead > timing.compute;
    const auto overlaps = [](bool hidden) {
        return hidden ? "overlaps compute, where that is faster" : "";
    };
    return {
        {"compute", timing.compute, steps, reads ? "hidden behind input read" : ""},
        {"input read", timing.inputRead, steps, reads ? "" : "hidden behind compute"},
        {"weight read", timing.weightRead, steps, overlaps(model::hidesWeights(timing.overlap))},
        {"write-back", timing.writeBack, timing.outerTrips,
         overlaps(model::hidesOutputs(timing.overlap))}};
}

std::string limitOf(const hardware::PipelineTiming& timing) {
    const auto parts = partsOf(timing);
    return std::ranges::max_element(parts, {}, &Part::all)->name;
}

double computeCycles(const hardware::PipelineTiming& timing) {
    return timing.outerTrips * timing.innerTrips * timing.compute;
}

double spatialUtilization(const PipelineLayer& priced) {
    const double slots = priced.resources.multipliers * computeCycles(priced.timing);
    return slots > 0 ? std::min(1.0, static_cast<double>(model::macs(priced.layer)) / slots) : 0;
}

double temporalUtilization(const PipelineLayer& priced) {
    return std::min(1.0, computeCycles(priced.timing) / priced.timing.cycles());
}

std::string modelName(model::FpgaModel form) { return "FPGA pipeline, " + std::string(word(form)); }

Json viewJson(const explain::ModelView& view) {
    return {{"model", view.model},
            {"cycles", view.cycles},
            {"compute_cycles", view.computeCycles},
            {"read_cycles", view.readCycles},
            {"write_cycles", view.writeCycles}};
}

Json differencesJson(const std::vector<explain::ModelDifference>& differences) {
    Json list = Json::array();
    for (const auto& difference : differences) {
        list.push_back(
            {{"term", difference.term}, {"cycles", difference.cycles}, {"text", difference.text}});
    }
    return list;
}

std::string differencesText(const char* title,
                            const std::vector<explain::ModelDifference>& differences) {
    std::string text = std::string("\n") + title + ":\n";
    if (differences.empty()) return text + "  no cycles change\n";
    for (const auto& difference : differences) {
        text += "  " + std::string(difference.cycles > 0 ? "+" : "") + number(difference.cycles) +
                " cycles, " + difference.term + ": " + difference.text + "\n";
    }
    return text;
}

}  // namespace

PipelineLayer pipelineLayer(const model::Layer& layer, const model::Accelerator& accelerator,
                            std::size_t chunk, model::FpgaModel form) {
    const auto& on = accelerator.pipeline[chunk];
    return {layer,
            on,
            form,
            accelerator.clockMhz,
            hardware::pipelineTiming(on, layer, form),
            hardware::pipelineResources(on, layer, form, accelerator.doubleBufferedWeights)};
}

Json pipelineJson(const PipelineLayer& priced) {
    const auto& timing = priced.timing;
    Json bram;
    for (const auto tensor : model::kAllTensors) {
        bram[std::string(word(tensor))] =
            priced.resources.bramOfTensor[static_cast<std::size_t>(tensor)];
    }
    return {{"layer", priced.layer.name},
            {"chunk", priced.chunk.name},
            {"model", modelName(priced.form)},
            {"overlap", word(timing.overlap)},
            {"macs", model::macs(priced.layer)},
            {"cycles", timing.cycles()},
            {"compute_cycles", computeCycles(timing)},
            {"limit", limitOf(timing)},
            {"clock_mhz", priced.clockMhz},
            {"latency_ms", timing.cycles() / priced.clockMhz / 1e3},
            {"dsp", priced.resources.dsp},
            {"bram18k", priced.resources.bram18k},
            {"bram18k_of_tensor", std::move(bram)},
            {"bram18k_of_port", priced.resources.bramOfPort},
            {"multipliers", priced.resources.multipliers},
            {"spatial_utilization", spatialUtilization(priced)},
            {"temporal_utilization", temporalUtilization(priced)},
            {"timing",
             {{"compute", timing.compute},
              {"input_read", timing.inputRead},
              {"weight_read", timing.weightRead},
              {"write_back", timing.writeBack},
              {"inner_trips", timing.innerTrips},
              {"outer_trips", timing.outerTrips}}},
            {"mapping", interop::compactMappingJson(
                            hardware::pipelineMapping(priced.chunk, priced.layer, priced.form))}};
}

std::string pipelineText(const PipelineLayer& priced, const model::Device& device) {
    const auto& timing = priced.timing;
    const auto& bram = priced.resources.bramOfTensor;
    std::string text =
        base::visibleLine(priced.layer.name + " on '" + priced.chunk.name + "'") + " (" +
        modelName(priced.form) + "): " + number(timing.cycles()) + " cycles (" + limitOf(timing) +
        "), " + base::fixed(timing.cycles() / priced.clockMhz / 1e3, 3) + " ms at " +
        base::fixed(priced.clockMhz, 0) + " MHz\n" + number(priced.resources.dsp) + " of " +
        base::grouped(device.dsp) + " DSP and " + number(priced.resources.bram18k) + " of " +
        base::grouped(device.bram18k) + " BRAM18K (weights " + number(bram[0]) + ", inputs " +
        number(bram[1]) + ", outputs " + number(bram[2]) +
        (priced.resources.bramOfPort > 0 ? ", port " + number(priced.resources.bramOfPort) : "") +
        ") of a " + device.name + "; " + number(priced.resources.multipliers) + " multipliers, " +
        base::fixed(100 * spatialUtilization(priced), 1) + " % in space, " +
        base::fixed(100 * temporalUtilization(priced), 1) + " % in time\n" +
        model::loopNestText(hardware::pipelineMapping(priced.chunk, priced.layer, priced.form));
    Table table({"part", "cycles", "times", "in all", ""});
    for (const auto& part : partsOf(timing)) {
        table.add(
            {part.name, number(part.each), number(part.times), number(part.all()), part.remark});
    }
    return text + table.text() + clocksText(priced.clockMhz, device.clockMhz);
}

Json sideBySideJson(const model::Layer& layer, const model::PipelineChunk& chunk,
                    const explain::SideBySide& both) {
    return {{"layer", layer.name},
            {"chunk", chunk.name},
            {"macs", model::macs(layer)},
            {"as_published", viewJson(both.published)},
            {"corrected", viewJson(both.corrected)},
            {"loop_nest", viewJson(both.loopNest)},
            {"from_as_published_to_corrected", differencesJson(both.toCorrected)},
            {"from_corrected_to_loop_nest", differencesJson(both.toLoopNest)},
            {"mapping", interop::compactMappingJson(both.mapping)}};
}

std::string sideBySideText(const model::Layer& layer, const model::PipelineChunk& chunk,
                           const explain::SideBySide& both) {
    std::string text =
        base::visibleLine(layer.name + " on '" + chunk.name) + "', cycles of one image:\n";
    Table table({"model", "cycles", "compute", "reads", "writes"});
    for (const auto* view : {&both.published, &both.corrected, &both.loopNest}) {
        table.add({view->model, number(view->cycles), number(view->computeCycles),
                   number(view->readCycles), number(view->writeCycles)});
    }
    return text + table.text() +
           differencesText("From as published to corrected", both.toCorrected) +
           differencesText("From corrected to the loop nest", both.toLoopNest) +
           "\nThe loop nest:\n" + model::loopNestText(both.mapping);
}

}  // namespace cohelix::cli
