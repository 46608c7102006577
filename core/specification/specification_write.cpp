// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a specification: every field, in a fixed order, so that equal specifications have equal
// texts.
#include "core/specification/specification.h"

namespace cohelix::spec {
namespace {

using base::Json;

Json write(const DataSetSpec& spec) {
    return {{"kind", word(spec.kind)},
            {"path", spec.path},
            {"validation_fraction", spec.validationFraction},
            {"crop_padding", spec.cropPadding},
            {"flip", spec.flip}};
}

Json write(const NetworkSpace& space) {
    Json stages = Json::array();
    for (const auto& stage : space.stages) {
        stages.push_back(Json{
            {"channels", stage.channels}, {"blocks", stage.blocks}, {"stride", stage.stride}});
    }
    Json operators = Json::array();
    for (const auto& op : space.operators) operators.push_back(toText(op));
    return {{"input",
             Json{{"channels", space.input.channels},
                  {"height", space.input.height},
                  {"width", space.input.width}}},
            {"classes", space.classes},
            {"stem",
             Json{{"channels", space.stemChannels},
                  {"kernel", space.stemKernel},
                  {"stride", space.stemStride}}},
            {"stages", stages},
            {"operators", operators},
            {"head_channels", space.headChannels}};
}

Json write(const hardware::LayerRule& rule) {
    Json json = Json::object();
    if (rule.firstBlock) json["first_block"] = *rule.firstBlock;
    if (rule.lastBlock) json["last_block"] = *rule.lastBlock;
    if (rule.mapAtLeast) json["map_at_least"] = *rule.mapAtLeast;
    if (rule.mapBelow) json["map_below"] = *rule.mapBelow;
    return json;
}

Json write(const hardware::PipelineChunkSpace& chunk, bool rules) {
    Json modes = Json::array();
    for (const auto mode : chunk.parallelism) modes.push_back(word(mode));
    Json json = {{"name", chunk.name},
                 {"role", word(chunk.role)}};
    if (rules) json["layers"] = write(chunk.layers);
    json["parallelism"] = modes;
    json["rows"] = chunk.rows;
    json["columns"] = chunk.columns;
    json["tm"] = chunk.outputs;
    if (chunk.role == model::ChunkRole::Standard) json["tn"] = chunk.inputs;
    json["bits"] = chunk.bits;
    // Left out within the authors' template, so that documents of earlier versions stay the same.
    if (!chunk.portWords.empty()) json["port_words"] = chunk.portWords;
    if (!chunk.overlap.empty()) {
        Json overlaps = Json::array();
        for (const auto overlap : chunk.overlap) overlaps.push_back(word(overlap));
        json["overlap"] = std::move(overlaps);
    }
    return json;
}

Json write(const hardware::ArrayChunkSpace& chunk) {
    Json styles = Json::array();
    for (const auto& style : chunk.styles) styles.push_back(toText(style));
    return {{"name", chunk.name},
            {"role", word(chunk.role)},
            {"styles", styles},
            {"ratio_most", chunk.ratioMost},
            {"register_tiles", chunk.registerTiles}};
}

Json write(const hardware::AcceleratorSpace& space) {
    const bool pipeline = space.kind == model::Template::ChunkPipeline;
    Json json = {{"template", word(space.kind)},
                 {"clock_mhz", space.clockMhz}};
    // Left out where it has no bound, so that documents of earlier versions stay the same.
    if (space.dramGigabytesPerSecond > 0) json["dram_gb_per_s"] = space.dramGigabytesPerSecond;
    Json chunks = Json::array();
    if (pipeline) {
        json["model"] = word(space.fpgaModel);
        json["double_buffered_weights"] = space.doubleBufferedWeights;
        if (space.searched) {
            json["allocation"] =
                Json{{"by", "searched"}, {"most_groups", space.searched->mostGroups}};
        }
        for (const auto& chunk : space.pipeline) chunks.push_back(write(chunk, !space.searched));
    } else {
        json["technology"] = space.technology;
        json["budget"] = Json{{"pes", space.budget.pes},
                              {"buffer_kib", space.budget.bufferKib},
                              {"register_bytes", space.budget.registerBytes},
                              {"bits", space.budget.bits}};
        for (const auto& chunk : space.arrays) chunks.push_back(write(chunk));
    }
    json["chunks"] = std::move(chunks);
    return json;
}

Json write(const model::Device& device) {
    if (model::findDevice(device.name) == device) return device.name;
    Json json = {{"name", device.name},
                 {"part", device.part},
                 {"kind", word(device.kind)},
                 {"dsp", device.dsp},
                 {"bram18k", device.bram18k},
                 {"lut", device.lut},
                 {"uram", device.uram},
                 {"clock_mhz", device.clockMhz},
                 {"power_watt", device.powerWatt},
                 {"source", device.source}};
    // Left out where unknown, so that documents of earlier versions stay the same.
    if (device.flipFlops > 0) json["flip_flops"] = device.flipFlops;
    if (device.nodeNm > 0) json["node_nm"] = device.nodeNm;
    return json;
}

Json write(const Limits& limits) {
    Json json = Json::object();
    if (limits.dsp) json["dsp"] = *limits.dsp;
    if (limits.bram18k) json["bram18k"] = *limits.bram18k;
    if (limits.leastFps) json["least_fps"] = *limits.leastFps;
    if (limits.mostLatencyMs) json["most_latency_ms"] = *limits.mostLatencyMs;
    if (limits.mostEnergyMj) json["most_energy_mj"] = *limits.mostEnergyMj;
    return json;
}

Json write(const Objective& objective) {
    Json targets = Json::array();
    for (const auto& window : objective.targets) {
        targets.push_back(Json{{"low", window.low}, {"high", window.high}});
    }
    return {{"metric", word(objective.metric)},
            {"targets", targets},
            {"initial_hardware_share", objective.initialHardwareShare}};
}

Json write(const SgdRecipe& recipe) {
    return {{"learning_rate", recipe.learningRate},
            {"final_learning_rate", recipe.finalLearningRate},
            {"momentum", recipe.momentum},
            {"weight_decay", recipe.weightDecay},
            {"clip_norm", recipe.clipNorm}};
}

Json write(const SearchRecipe& recipe) {
    return {{"batch", recipe.batch},
            {"steps_per_epoch", recipe.stepsPerEpoch},
            {"warmup_epochs", recipe.warmupEpochs},
            {"epochs", recipe.epochs},
            {"level", word(recipe.level)},
            {"weight_share", recipe.weightShare},
            {"weights", write(recipe.weights)},
            {"alpha_learning_rate", recipe.alphaLearningRate},
            {"temperature", recipe.temperature},
            {"temperature_decay", recipe.temperatureDecay},
            {"sampling", word(recipe.sampling)},
            {"hardware_gradient", word(recipe.hardwareGradient)},
            {"layer_mapping", word(recipe.layerMapping)},
            {"accelerator_method", word(recipe.acceleratorMethod)},
            {"accelerator_refresh_steps", recipe.acceleratorRefreshSteps},
            {"accelerator_iterations", recipe.acceleratorIterations},
            {"accelerator_learning_rate", recipe.acceleratorLearningRate},
            {"final_accelerator_iterations", recipe.finalAcceleratorIterations},
            {"estimate_images", recipe.estimateImages},
            {"device", word(recipe.processor)}};
}

Json write(const TrainingRecipe& recipe) {
    return {{"designs", recipe.designs},
            {"epochs", recipe.epochs},
            {"batch", recipe.batch},
            {"weights", write(recipe.weights)},
            {"label_smoothing", recipe.labelSmoothing}};
}

}  // namespace

Json toJson(const hardware::AcceleratorSpace& space) { return write(space); }

Json toJson(const Specification& specification) {
    return {{"cohelix", kSpecificationVersion},
            {"name", specification.name},
            {"description", specification.description},
            {"seed", specification.seed},
            {"data_set", write(specification.dataSet)},
            {"network", write(specification.network)},
            {"accelerator", write(specification.accelerator)},
            {"device", write(specification.device)},
            {"limits", write(specification.limits)},
            {"objective", write(specification.objective)},
            {"search", write(specification.search)},
            {"training", write(specification.training)}};
}

}  // namespace cohelix::spec
