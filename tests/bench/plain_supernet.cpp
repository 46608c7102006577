// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/plain_supernet.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

#include <ATen/Parallel.h>
#include <c10/core/CPUAllocator.h>
#include <torch/torch.h>

namespace cohelix::bench {
namespace {

namespace nn = torch::nn;
using model::Dim;
using model::LayerRole;

at::Tensor shuffled(const at::Tensor& x, std::int64_t groups) {
    const auto n = x.size(0), c = x.size(1), h = x.size(2), w = x.size(3);
    return x.reshape({n, groups, c / groups, h, w}).transpose(1, 2).reshape({n, c, h, w});
}

class PlainChain : public nn::Module {
public:
    explicit PlainChain(const std::vector<model::Layer>& layers) : m_layers(layers) {
        for (const auto& layer : layers) {
            const std::string index = std::to_string(m_convolutions.size());
            if (layer.role == LayerRole::Classifier) {
                m_linear =
                    register_module("linear", nn::Linear(layer.size(Dim::C), layer.size(Dim::K)));
                continue;
            }
            const std::int64_t kernel = layer.size(Dim::R);
            m_convolutions.push_back(register_module(
                "convolution" + index,
                nn::Conv2d(nn::Conv2dOptions(layer.size(Dim::C), layer.size(Dim::K), kernel)
                               .stride(layer.stride.rows)
                               .padding(kernel / 2)
                               .groups(layer.groups)
                               .bias(false))));
            m_normalisations.push_back(
                register_module("normalisation" + index, nn::BatchNorm2d(layer.size(Dim::K))));
        }
    }

    at::Tensor forward(const at::Tensor& input) {
        std::vector<at::Tensor> outputs;
        const auto outputOf = [&](int index) {
            return index < 0 ? input : outputs[static_cast<std::size_t>(index)];
        };
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            const auto& layer = m_layers[i];
            if (layer.role == LayerRole::Classifier) {
                outputs.push_back(m_linear(outputOf(layer.input).mean({2, 3})));
                continue;
            }
            at::Tensor y = m_normalisations[i](m_convolutions[i](outputOf(layer.input)));
            if (layer.addedTo >= 0 || layer.addedTo == spec::kBlockInput) {
                y += outputOf(layer.addedTo);
            }
            if (layer.relu) y = torch::relu_(y);
            if (layer.shuffleGroups > 1) y = shuffled(y, layer.shuffleGroups);
            outputs.push_back(y);
        }
        return outputs.empty() ? input : outputs.back();
    }

private:
    std::vector<model::Layer> m_layers;
    std::vector<nn::Conv2d> m_convolutions;
    std::vector<nn::BatchNorm2d> m_normalisations;
    nn::Linear m_linear{nullptr};
};

std::vector<model::Layer> tailOf(const model::Network& network) {
    std::vector<model::Layer> tail;
    for (auto layer : network.layers) {
        if (layer.block >= 0 || layer.role == LayerRole::Stem) continue;
        layer.input = static_cast<int>(tail.size()) - 1;
        tail.push_back(layer);
    }
    return tail;
}

class PlainNet : public nn::Module {
public:
    explicit PlainNet(const spec::NetworkSpace& space) {
        const auto shapes = spec::blockShapes(space);
        const auto network = spec::buildNetwork(space, std::vector<int>(shapes.size()));
        stem =
            register_module("stem", std::make_shared<PlainChain>(std::vector{network.layers[0]}));
        for (std::size_t b = 0; b < shapes.size(); ++b) {
            auto& operators = blocks.emplace_back();
            for (const auto& op : space.operators) {
                const auto layers = spec::blockLayers(shapes[b], op, static_cast<int>(b));
                operators.push_back(register_module("block" + std::to_string(b) + toText(op),
                                                    std::make_shared<PlainChain>(layers)));
            }
        }
        tail = register_module("tail", std::make_shared<PlainChain>(tailOf(network)));
    }

    std::shared_ptr<PlainChain> stem;
    std::vector<std::vector<std::shared_ptr<PlainChain>>> blocks;
    std::shared_ptr<PlainChain> tail;
};

/// LibTorch's threads for a scope; our own passes want one again.
class Threads {
public:
    explicit Threads(int count) { at::set_num_threads(count); }
    ~Threads() { at::set_num_threads(1); }
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;
};

/// Counts bytes; each piece of memory has its size before it.
class CountingAllocator final : public c10::Allocator {
public:
    // LibTorch 2 wants another constness than 1.13.
    c10::DataPtr allocate(std::size_t bytes)
#if TORCH_VERSION_MAJOR < 2
        const
#endif
        override {
        auto* piece = static_cast<char*>(std::aligned_alloc(kHeader, roundedUp(bytes) + kHeader));
        if (!piece) throw std::bad_alloc();
        std::memcpy(piece, &bytes, sizeof bytes);
        now += bytes;
        for (std::size_t seen = peak; now > seen && !peak.compare_exchange_weak(seen, now);) {
        }
        return {piece + kHeader, piece + kHeader, &release, c10::Device(c10::DeviceType::CPU)};
    }
    c10::DeleterFnPtr raw_deleter() const override { return &release; }
#if TORCH_VERSION_MAJOR >= 2
    void copy_data(void* to, const void* from, std::size_t bytes) const override {
        std::memcpy(to, from, bytes);
    }
#endif

    static inline std::atomic<std::size_t> now = 0;
    static inline std::atomic<std::size_t> peak = 0;

private:
    static constexpr std::size_t kHeader = 64;
    static std::size_t roundedUp(std::size_t bytes) {
        return (bytes + kHeader - 1) / kHeader * kHeader;
    }
    static void release(void* data) {
        if (!data) return;
        char* piece = static_cast<char*>(data) - kHeader;
        std::size_t bytes = 0;
        std::memcpy(&bytes, piece, sizeof bytes);
        now -= bytes;
        std::free(piece);
    }
};

}  // namespace

struct PlainSupernet::State {
    State(const spec::NetworkSpace& space, const spec::SgdRecipe& ofRecipe, const Options& wanted)
        : options(wanted),
          recipe(ofRecipe),
          net(std::make_shared<PlainNet>(space)),
          sgd(net->parameters(), torch::optim::SGDOptions(recipe.learningRate)
                                     .momentum(recipe.momentum)
                                     .weight_decay(recipe.weightDecay)),
          input{space.input} {
        net->train();
        if (options.channelsLast) {
            for (auto& parameter : net->parameters()) {
                if (parameter.dim() != 4) continue;
                parameter.set_data(parameter.data().contiguous(at::MemoryFormat::ChannelsLast));
            }
        }
    }

    at::Tensor loss(at::Tensor logits) {
        return torch::nn::functional::cross_entropy(logits, labels);
    }

    Options options;
    spec::SgdRecipe recipe;
    std::shared_ptr<PlainNet> net;
    torch::optim::SGD sgd;
    model::ImageShape input;
    at::Tensor images;
    at::Tensor labels;
};

PlainSupernet::PlainSupernet(const spec::NetworkSpace& space, const spec::SgdRecipe& recipe,
                             const Options& options)
    : m_state(std::make_unique<State>(space, recipe, options)) {}
PlainSupernet::~PlainSupernet() = default;

void PlainSupernet::setBatch(int images) {
    const auto& shape = m_state->input;
    m_state->images = torch::randn({images, shape.channels, shape.height, shape.width});
    if (m_state->options.channelsLast) {
        m_state->images = m_state->images.contiguous(at::MemoryFormat::ChannelsLast);
    }
    m_state->labels = torch::arange(images, torch::kLong) % 10;
}

double PlainSupernet::architectureStep(const learn::ActivePaths& paths) {
    const Threads threads(m_state->options.threads);
    auto& net = *m_state->net;
    for (auto& parameter : net.parameters()) parameter.set_requires_grad(false);
    at::Tensor x = net.stem->forward(m_state->images);
    std::vector<at::Tensor> gates;
    for (std::size_t b = 0; b < paths.size(); ++b) {
        at::Tensor sum;
        for (const auto& path : paths[b]) {
            gates.push_back(torch::full({1}, path.gate).set_requires_grad(true));
            at::Tensor y;
            {
                const at::AutoGradMode gradients(!m_state->options.cutPassivePaths ||
                                                 path.gate != 0);
                y = net.blocks[b][static_cast<std::size_t>(path.op)]->forward(x);
            }
            y = y * gates.back();
            sum = sum.defined() ? sum + y : y;
        }
        x = sum;
    }
    const at::Tensor loss = m_state->loss(net.tail->forward(x));
    loss.backward();
    for (auto& parameter : net.parameters()) parameter.set_requires_grad(true);
    double sum = 0;
    for (const auto& gate : gates) sum += gate.grad().item<double>();
    return loss.item<double>() + 0 * sum;
}

double PlainSupernet::weightStep(std::span<const int> path) {
    const Threads threads(m_state->options.threads);
    auto& net = *m_state->net;
    m_state->sgd.zero_grad();
    at::Tensor x = net.stem->forward(m_state->images);
    for (std::size_t b = 0; b < path.size(); ++b) {
        x = net.blocks[b][static_cast<std::size_t>(path[b])]->forward(x);
    }
    const at::Tensor loss = m_state->loss(net.tail->forward(x));
    loss.backward();
    std::vector<at::Tensor> active;
    for (const auto& parameter : net.parameters()) {
        if (parameter.grad().defined()) active.push_back(parameter);
    }
    nn::utils::clip_grad_norm_(active, m_state->recipe.clipNorm);
    m_state->sgd.step();
    // Only the next path's parameters are to move with the next step.
    for (auto& parameter : active) parameter.mutable_grad().reset();
    return loss.item<double>();
}

TensorMemory::TensorMemory() {
    static const bool kInstalled = [] {
        static CountingAllocator counting;
        c10::SetCPUAllocator(&counting, 100);
        return true;
    }();
    static_cast<void>(kInstalled);
    m_before = CountingAllocator::now;
    CountingAllocator::peak = m_before;
}

std::size_t TensorMemory::peakBytes() const { return CountingAllocator::peak - m_before; }

}  // namespace cohelix::bench
