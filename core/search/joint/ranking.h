// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Which networks are trained from scratch: the best candidates are estimated again, since the
// supernet has changed since they were found, and those that stay get a long accelerator search.

#include <algorithm>
#include <memory>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/search/joint/found_designs.h"
#include "core/search/joint/target_search.h"

namespace cohelix::search {

class Ranking {
public:
    /// Holds both by reference.
    Ranking(const spec::InForce& inForce, FoundDesigns& found)
        : m_inForce(inForce), m_found(found) {}

    /// The next estimate or accelerator search. Precondition: not done().
    base::Result<StepReport> step(learn::Supernet& supernet,
                                  std::vector<std::unique_ptr<TargetSearch>>& targets,
                                  bool steered);
    /// Whether the networks to be trained are known; there may be none.
    bool done() const { return m_done; }
    /// Whether they have been chosen, so that what is in force can no longer change.
    bool hasChosen() const { return !m_finalists.empty(); }
    /// What is in force has changed: what deserves a closer look is decided anew.
    void steered();

    std::size_t estimated() const { return m_ranked; }
    std::size_t toEstimate() const { return std::max(m_ranking.size(), m_ranked); }
    /// Candidates to be trained, those of the most multiply-accumulates first once it is done.
    const std::vector<std::size_t>& finalists() const { return m_finalists; }

    /// Writes its fields into the object, and back.
    void save(base::Json& json) const;
    void restore(const base::Json& json);

private:
    base::Result<StepReport> estimateNext(learn::Supernet& supernet);
    base::Result<StepReport> searchNext(learn::Supernet& supernet,
                                        std::vector<std::unique_ptr<TargetSearch>>& targets);
    void sortByMacs();

    const spec::InForce& m_inForce;
    FoundDesigns& m_found;
    std::vector<std::size_t> m_ranking;  ///< candidates to be estimated again
    std::size_t m_ranked = 0;
    std::vector<std::size_t> m_finalists;  ///< candidates to be trained
    std::size_t m_finished = 0;            ///< finalists whose accelerator has been searched again
    bool m_done = false;
};

}  // namespace cohelix::search
