// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/specification/pins.h"

#include <algorithm>
#include <string>

namespace cohelix::spec {
namespace {

using Kind = hardware::Knob::Kind;

int tileOf(const hardware::Choice& choice, int option) {
    return choice.values[static_cast<std::size_t>(option)];
}

/// The smallest option that is at least `least`; the given one when there is none.
int optionOfAtLeast(const hardware::Choice& choice, int least, int given) {
    int best = -1;
    for (int o = 0; o < static_cast<int>(choice.options.size()); ++o) {
        const int tile = tileOf(choice, o);
        if (tile >= least && (best < 0 || tile < tileOf(choice, best))) best = o;
    }
    return best < 0 ? given : best;
}

/// Whether both are places of one order.
bool shareOrder(const hardware::Knob& a, const hardware::Knob& b) {
    return a.isOrder() && a.kind == b.kind && a.chunk == b.chunk;
}

/// Makes the places [first, last) a permutation in which the pinned ones stay: each free place
/// keeps its dimension when nobody else has it, or takes the first free one.
void permute(std::vector<int>& options, const PinnedOptions& pins, std::size_t first,
             std::size_t last) {
    std::vector<bool> used(last - first, false);
    for (std::size_t i = first; i < last; ++i) {
        if (pins[i]) used[static_cast<std::size_t>(*pins[i])] = true;
    }
    for (std::size_t i = first; i < last; ++i) {
        if (pins[i]) continue;
        if (used[static_cast<std::size_t>(options[i])]) {
            options[i] =
                static_cast<int>(std::find(used.begin(), used.end(), false) - used.begin());
        }
        used[static_cast<std::size_t>(options[i])] = true;
    }
}

void permuteOrders(const std::vector<hardware::Choice>& choices, std::vector<int>& options,
                   const PinnedOptions& pins) {
    for (std::size_t first = 0; first < choices.size();) {
        const auto& knob = choices[first].knob;
        std::size_t last = first + 1;
        while (last < choices.size() && shareOrder(knob, choices[last].knob)) ++last;
        if (knob.isOrder()) permute(options, pins, first, last);
        first = last;
    }
}

/// The allocation's choices among all: the number of groups, then the splits.
std::size_t allocationOf(const std::vector<hardware::Choice>& choices) {
    const auto found = std::ranges::find(choices, Kind::Groups,
                                         [](const hardware::Choice& c) { return c.knob.kind; });
    return static_cast<std::size_t>(found - choices.begin());
}

/// How many groups there must be so that every pinned chunk and split is in use.
int leastGroups(const std::vector<hardware::Choice>& choices, const PinnedOptions& pins,
                std::size_t allocation) {
    int least = 1;
    for (std::size_t i = 0; i < pins.size(); ++i) {
        if (!pins[i]) continue;
        if (const auto chunk = choices[i].knob.chunk) least = std::max(least, *chunk / 2 + 1);
        if (i > allocation) least = std::max(least, static_cast<int>(i - allocation) + 1);
    }
    return least;
}

/// How many splits there can be: behind a pinned one there must be blocks left for the others.
int mostSplits(const std::vector<hardware::Choice>& choices, const PinnedOptions& pins,
               std::size_t allocation) {
    int most = static_cast<int>(choices[allocation].options.size()) - 1;
    for (std::size_t i = allocation + 1; i < choices.size(); ++i) {
        if (!pins[i]) continue;
        const int left = static_cast<int>(choices[i].options.size()) - 1 - *pins[i];
        most = std::min(most, static_cast<int>(i - allocation) + left);
    }
    return most;
}

/// Makes the splits in use ascend strictly around the pinned ones, so that none is dropped.
void spreadSplits(std::vector<int>& options, const PinnedOptions& pins, std::size_t first,
                  std::size_t last, int splits) {
    std::vector<int> drawn;
    for (std::size_t i = first; i < last; ++i) {
        if (!pins[i]) drawn.push_back(options[i]);
    }
    std::sort(drawn.begin(), drawn.end());
    auto next = drawn.begin();
    int previous = -1;
    for (std::size_t i = first; i < last; ++i) {
        if (!pins[i]) {
            std::size_t bound = i;
            while (bound < last && !pins[bound]) ++bound;
            const int most = (bound < last ? *pins[bound] : splits) - static_cast<int>(bound - i);
            options[i] = std::min(std::max(*next++, previous + 1), std::max(most, 0));
        }
        previous = options[i];
    }
}

/// Takes as many groups as the pins need, and splits that make them.
void holdAllocation(const std::vector<hardware::Choice>& choices, std::vector<int>& options,
                    const PinnedOptions& pins) {
    const std::size_t groups = allocationOf(choices);
    if (groups == choices.size()) return;
    const int least = leastGroups(choices, pins, groups);
    if (least == 1 && !pins[groups]) return;
    if (!pins[groups]) {
        options[groups] =
            std::max(std::min(options[groups], mostSplits(choices, pins, groups)), least - 1);
    }
    const auto used = static_cast<std::size_t>(options[groups]);
    if (used == 0) return;
    spreadSplits(options, pins, groups + 1, groups + 1 + used,
                 static_cast<int>(choices[groups + 1].options.size()));
}

}  // namespace

bool contains(const std::vector<hardware::Choice>& choices, std::span<const int> options) {
    return std::equal(options.begin(), options.end(), choices.begin(), choices.end(),
                      [](int option, const hardware::Choice& choice) {
                          return option >= 0 && option < static_cast<int>(choice.options.size());
                      });
}

bool pinsAny(const PinnedOptions& pins) {
    return std::any_of(pins.begin(), pins.end(), [](const auto& pin) { return pin.has_value(); });
}

bool keepsPins(const PinnedOptions& pins, std::span<const int> options) {
    for (std::size_t i = 0; i < pins.size(); ++i) {
        if (pins[i] && (i >= options.size() || options[i] != *pins[i])) return false;
    }
    return true;
}

bool keepsPins(const Pins& pins, const model::DesignChoices& choices) {
    return keepsPins(pins.operators, choices.network) &&
           keepsPins(pins.parameters, choices.accelerator);
}

std::vector<int> withPins(const PinnedOptions& pins, std::vector<int> options) {
    for (std::size_t i = 0; i < pins.size(); ++i) {
        if (pins[i]) options[i] = *pins[i];
    }
    return options;
}

std::vector<int> leastTiles(const std::vector<hardware::Choice>& choices,
                            const PinnedOptions& pins) {
    std::vector<int> least(choices.size(), 0);
    for (std::size_t i = 0; i < pins.size(); ++i) {
        if (!pins[i]) continue;
        const auto& loop = choices[i].knob;
        if (loop.kind != Kind::LoopTile) continue;
        const hardware::Knob itsBuffer{Kind::BufferTile, loop.chunk, loop.index};
        const auto buffer = std::ranges::find(choices, itsBuffer, &hardware::Choice::knob);
        if (buffer == choices.end()) continue;
        least[static_cast<std::size_t>(buffer - choices.begin())] = tileOf(choices[i], *pins[i]);
    }
    return least;
}

std::vector<int> canonicalChoices(const hardware::AcceleratorSpace& space, std::vector<int> options,
                                  const PinnedOptions& pins) {
    if (!pinsAny(pins)) return canonicalChoices(space, std::move(options));
    const auto choices = hardware::acceleratorChoices(space);
    options = withPins(pins, std::move(options));
    const auto least = leastTiles(choices, pins);
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (least[i] > 0 && !pins[i] && tileOf(choices[i], options[i]) < least[i]) {
            options[i] = optionOfAtLeast(choices[i], least[i], options[i]);
        }
    }
    permuteOrders(choices, options, pins);
    holdAllocation(choices, options, pins);
    return canonicalChoices(space, std::move(options));
}

}  // namespace cohelix::spec
