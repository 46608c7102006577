// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A true front: the proven best accuracies and speeds over all networks of a tabulated space and
// all accelerators of a space within limits. It is kept beside the runs, so that what a search
// found can be held against what there is to be found.

#include <cstdint>
#include <string>
#include <vector>

#include "core/hardware/accelerator_space.h"
#include "core/model/figures.h"
#include "core/specification/network_space.h"

namespace cohelix::store {

/// A member of a true front, on its proven best accelerator.
struct ReferenceDesign : model::Resources {
    std::string network;           ///< its name in the table: "11201000"
    std::vector<int> accelerator;  ///< choices, canonical
    double fps = 0;                ///< proven under the cost model
    double accuracy = 0;           ///< 0..1, tabulated
    friend bool operator==(const ReferenceDesign&, const ReferenceDesign&) = default;
};

struct ReferenceFront {
    std::int64_t id = 0;  ///< 0: not yet in a file
    std::string created;  ///< ISO 8601, UTC; empty: when it is stored
    std::string programVersion;
    std::string networkSpace;      ///< "nasbench-macro", "nasbench201:cifar100"
    std::string source;            ///< benchmark, data set and what the accuracy is
    std::string network;           ///< spaceText of the networks; empty where they have none
    std::string acceleratorSpace;  ///< "wide"
    std::string accelerator;       ///< spaceText of the accelerators
    model::Resources limits;
    double leastAccuracy = 0;              ///< 0..1, where hypervolumes begin; FPS begin at 0
    double seconds = 0;                    ///< that it took
    std::vector<ReferenceDesign> designs;  ///< by ascending FPS
    friend bool operator==(const ReferenceFront&, const ReferenceFront&) = default;
};

/// A space as a specification writes it; equal for equal spaces.
std::string spaceText(const spec::NetworkSpace& space);
std::string spaceText(const hardware::AcceleratorSpace& space);

}  // namespace cohelix::store
