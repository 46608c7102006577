// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Everything that needs LibTorch is one module of the program, torch/, loaded when something is
// first to be trained: LibTorch brings hundreds of libraries, which take a second to load and
// which whoever only looks at results, evaluates costs or searches a table never needs. This is
// what the program asks of the module.

#include "core/learn/learn.h"

namespace cohelix::learn {

inline constexpr const char* kTrainingModule = "cohelix_training";
inline constexpr const char* kTrainingEntry = "cohelixTraining";

struct TrainingModule {
    const char* fingerprint;  ///< of the headers that it was built with; first, whatever follows
    const char* torchVersion;
    decltype(&learn::checkProcessor) checkProcessor;
    decltype(&Supernet::create) createSupernet;
    decltype(&Trainer::create) createTrainer;
    decltype(&learn::accuraciesOf) accuraciesOf;
};
/// The fingerprint of the headers that whoever calls this was built with.
const char* trainingFingerprint();
/// The type of the module's entry.
using TrainingEntry = const TrainingModule* (*)();

}  // namespace cohelix::learn
