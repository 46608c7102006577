// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The joint search of network and accelerator (method.md 2): a weights-only warm-up, then weights
// and architecture in turn for all targets of the sweep over one shared supernet, then a ranking of
// what was found, then training from scratch of the members of the front.
//
// A state machine without threads or files of its own: step() does a small piece of work (well
// under a second, but for the end of a training) and says what came of it; save() and restore()
// carry the whole state, so that a search continued from a saved state gives the same designs bit
// for bit. Budgets are counted in steps, never in time.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/learn/learn.h"
#include "core/model/design.h"
#include "core/specification/specification.h"
#include "core/specification/steering.h"

namespace cohelix::search {

enum class Stage : std::uint8_t { WarmUp, Joint, Ranking, Training, Done };

/// How far a reported design is.
enum class Standing : std::uint8_t { Estimated, Training, Trained };

struct ReportedDesign {
    model::DesignChoices choices;
    int target = -1;
    Standing standing = Standing::Estimated;
    model::DesignCost cost;
    std::int64_t macs = 0;
    std::int64_t parameters = 0;
    double accuracy = 0;  ///< 0..1: the supernet's estimate, or on the test images if trained
    double supernetAccuracy = 0;                   ///< 0..1
    std::optional<double> validationAccuracy;      ///< 0..1, trained weights
    std::optional<learn::TrainedWeights> weights;  ///< of a design that has just been trained
};

struct StepReport {
    std::vector<ReportedDesign> designs;
    std::vector<std::string> messages;
    double images = 0;  ///< worked through in this step
};

struct SearchProgress {
    Stage stage = Stage::WarmUp;
    double done = 0;  ///< of `total`, in images
    double total = 1;
    double loss = 0;  ///< smoothed cross-entropy
    std::string detail;
};

class CoSearch {
public:
    /// Errors: the specification is infeasible, or this build cannot train. The data set, the
    /// executor and the specification's copy are held.
    static base::Result<std::unique_ptr<CoSearch>> create(
        const spec::Specification& specification, std::shared_ptr<const learn::DataSet> data,
        base::Executor& executor);
    virtual ~CoSearch() = default;

    virtual bool done() const = 0;
    /// The next piece of work. After an error (a loss that is not finite, say) the search cannot go
    /// on; the last saved state can.
    virtual base::Result<StepReport> step() = 0;
    virtual SearchProgress progress() const = 0;

    /// Changes what is searched for, from the next step on. Everything reported from then on keeps
    /// the limits and pins in force, and only designs that keep them are ranked and trained; part
    /// of the saved state. Errors, after which nothing has changed: the change does not fit the
    /// specification or what is in force; no design could keep the limits; the networks to be
    /// trained have been chosen.
    virtual base::Result<void> steer(const spec::Change& change) = 0;

    /// The changes that led to what is in force, in their order.
    virtual std::span<const spec::Change> changes() const = 0;

    virtual std::vector<std::uint8_t> save() const = 0;
    /// Takes up a saved state, every value of which is held against the specification first. After
    /// an error the search is of no use. Errors: where in the state, and what cannot be.
    virtual base::Result<void> restore(std::span<const std::uint8_t> bytes) = 0;
};

}  // namespace cohelix::search
