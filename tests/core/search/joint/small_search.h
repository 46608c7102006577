// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A joint search of a few seconds on real images; skipped where there is nothing to train with.

#include <memory>

#include <gtest/gtest.h>

#include "core/search/joint/cosearch.h"

#include "tests/support/small_data.h"
#include "tests/support/training.h"

namespace cohelix::search {

class SmallSearch : public testing::Test {
protected:
    void SetUp() override {
        COHELIX_NEEDS_TRAINING();
        auto spec = test::smallSpecification(m_folder.path());
        if (!spec) GTEST_SKIP() << "NOT CHECKED: Fashion-MNIST is not installed";
        m_spec = *spec;
        m_data = learn::loadDataSet(m_spec.dataSet, m_spec.network).value();
    }

    std::unique_ptr<CoSearch> make(base::Executor& executor) {
        auto search = CoSearch::create(m_spec, m_data, executor);
        EXPECT_TRUE(search.ok()) << base::toText(search.error());
        return std::move(search).value();
    }

    test::TemporaryFolder m_folder;
    spec::Specification m_spec;
    std::shared_ptr<const learn::DataSet> m_data;
};

}  // namespace cohelix::search
