// SPDX-License-Identifier: GPL-3.0-or-later
// A training module that learns nothing: what a search needs to go on after a checkpoint, without
// LibTorch.
#include "core/learn/training_module.h"

namespace cohelix::fuzz {
namespace {

using base::Result;

class IdleSupernet final : public learn::Supernet {
public:
    std::int64_t weightBatches() const override { return 2; }
    std::int64_t architectureBatches() const override { return 2; }
    Result<learn::StepResult> weightStep(std::int64_t, std::span<const int>, double) override {
        return learn::StepResult{1.5, 0.5};
    }
    Result<learn::GateGradients> gateGradients(std::int64_t,
                                               const learn::ActivePaths& paths) override {
        return gradients(paths);
    }
    Result<learn::GateGradients> jointStep(std::int64_t, const learn::ActivePaths& paths,
                                           double) override {
        return gradients(paths);
    }
    Result<double> estimateAccuracy(std::span<const int>, int, std::span<const int>) override {
        return 0.5;
    }
    std::vector<std::uint8_t> save() const override { return {1, 2, 3}; }
    Result<void> restore(std::span<const std::uint8_t>) override { return {}; }

private:
    static learn::GateGradients gradients(const learn::ActivePaths& paths) {
        learn::GateGradients result{1.5, 0.5, {}};
        for (const auto& block : paths) result.gradient.emplace_back(block.size(), 0.01);
        return result;
    }
};

class IdleTrainer final : public learn::Trainer {
public:
    std::int64_t steps() const override { return 2; }
    std::int64_t stepsDone() const override { return m_done; }
    Result<learn::StepResult> step() override {
        ++m_done;
        return learn::StepResult{1.5, 0.5};
    }
    double validationAccuracy() override { return 0.5; }
    double testAccuracy() override { return 0.5; }
    learn::TrainedWeights weights() const override { return {}; }
    std::vector<std::uint8_t> save() const override { return {static_cast<std::uint8_t>(m_done)}; }
    Result<void> restore(std::span<const std::uint8_t> bytes) override {
        m_done = bytes.empty() ? 0 : bytes[0] % 3;
        return {};
    }

private:
    std::int64_t m_done = 0;
};

Result<void> anyProcessor(spec::Processor) { return {}; }

Result<std::unique_ptr<learn::Supernet>> idleSupernet(const spec::NetworkSpace&,
                                                      const spec::DataSetSpec&,
                                                      std::shared_ptr<const learn::DataSet>,
                                                      learn::DataSplit, const spec::SearchRecipe&,
                                                      std::uint64_t, base::Executor&) {
    return std::unique_ptr<learn::Supernet>(std::make_unique<IdleSupernet>());
}

Result<std::unique_ptr<learn::Trainer>> idleTrainer(const model::Network&, const spec::DataSetSpec&,
                                                    std::shared_ptr<const learn::DataSet>,
                                                    const learn::DataSplit&,
                                                    const spec::TrainingRecipe&, std::uint64_t,
                                                    const learn::TrainingOptions&) {
    return std::unique_ptr<learn::Trainer>(std::make_unique<IdleTrainer>());
}

Result<learn::Accuracies> someAccuracies(const model::Network&, const learn::TrainedWeights&,
                                         std::shared_ptr<const learn::DataSet>,
                                         const learn::DataSplit&) {
    return learn::Accuracies{0.5, 0.5};
}

}  // namespace
}  // namespace cohelix::fuzz

extern "C" __attribute__((visibility("default"))) const cohelix::learn::TrainingModule*
cohelixTraining() {
    using namespace cohelix;
    static const learn::TrainingModule module{learn::trainingFingerprint(),
                                              "none",
                                              fuzz::anyProcessor,
                                              fuzz::idleSupernet,
                                              fuzz::idleTrainer,
                                              fuzz::someAccuracies};
    return &module;
}
