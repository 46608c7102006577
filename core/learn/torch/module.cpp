// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/torch/module.h"

#include <torch/version.h>

#include "core/learn/training_module.h"

#ifdef _WIN32
#define COHELIX_EXPORT __declspec(dllexport)
#else
#define COHELIX_EXPORT __attribute__((visibility("default")))
#endif

extern "C" COHELIX_EXPORT const cohelix::learn::TrainingModule* cohelixTraining() {
    using namespace cohelix::learn;
    static const TrainingModule module{trainingFingerprint(),        TORCH_VERSION,
                                       torch_module::checkProcessor, torch_module::createSupernet,
                                       torch_module::createTrainer,  torch_module::accuraciesOf};
    return &module;
}
