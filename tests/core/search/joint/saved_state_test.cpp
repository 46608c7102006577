// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/saved_state.h"

#include <array>
#include <functional>
#include <limits>

#include "core/base/random.h"

#include "small_search.h"

namespace cohelix::search {
namespace {

using base::Json;

class SavedState : public SmallSearch {
protected:
    void SetUp() override {
        SmallSearch::SetUp();
        if (IsSkipped()) return;
        auto search = make(m_executor);
        Stage stage = Stage::Done;
        while (!search->done()) {
            const auto state = search->save();
            const auto read = readState(state, m_spec);
            ASSERT_TRUE(read.ok()) << base::toText(read.error());
            // One of each stage, some steps into it.
            const auto now = search->progress().stage;
            if (now == stage && m_states.size() <= static_cast<std::size_t>(now)) {
                m_states.push_back(Json::from_cbor(state));
            }
            stage = now;
            const auto done = search->step();
            ASSERT_TRUE(done.ok()) << base::toText(done.error());
        }
        ASSERT_TRUE(readState(search->save(), m_spec).ok());
        ASSERT_GE(m_states.size(), 3u);
    }

    /// Neither reading it nor going on from it may end the program, whatever it is.
    void tryOut(const Json& state, int& taken) {
        const auto bytes = Json::to_cbor(state);
        const auto read = readState(bytes, m_spec);
        if (!read) {
            EXPECT_FALSE(read.error().what.empty());
            return;
        }
        ++taken;
        auto search = make(m_executor);
        if (!search->restore(bytes)) return;
        for (int i = 0; i < 3 && !search->done(); ++i) {
            if (!search->step()) return;
        }
    }

    void expectRefused(const std::function<void(Json&)>& change, std::size_t stage,
                       const std::string& part) {
        auto state = m_states.at(stage);
        change(state);
        const auto read = readState(Json::to_cbor(state), m_spec);
        ASSERT_FALSE(read.ok()) << part;
        EXPECT_NE(read.error().what.find(part), std::string::npos) << read.error().what;
        EXPECT_FALSE(make(m_executor)->restore(Json::to_cbor(state)).ok());
    }

    base::Executor m_executor{2};
    std::vector<Json> m_states;  ///< warm-up, joint search, ranking
};

TEST_F(SavedState, IsRefusedWhereItIsNestedTooDeepOrNoStateAtAll) {
    std::vector<std::uint8_t> nested(3'000'000, 0x81);
    nested.push_back(0);
    EXPECT_FALSE(readState(nested, m_spec).ok());
    std::ranges::fill(nested, std::uint8_t{0x9f});
    EXPECT_FALSE(readState(nested, m_spec).ok());
    EXPECT_FALSE(readState(std::vector<std::uint8_t>{}, m_spec).ok());
    EXPECT_FALSE(readState(std::vector<std::uint8_t>{0xa0}, m_spec).ok());
    // A list that says it has 2^63 entries, and bytes that are not there.
    EXPECT_FALSE(
        readState(std::vector<std::uint8_t>{0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
                  m_spec)
            .ok());
    EXPECT_FALSE(
        readState(std::vector<std::uint8_t>{0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
                  m_spec)
            .ok());
}

TEST_F(SavedState, IsRefusedWithTheValueThatCannotBe) {
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    const auto alpha = [](Json& state) -> Json& { return state["targets"][0]["alpha"][0]; };
    expectRefused([&](Json& s) { alpha(s)["first"] = Json::array(); }, 1, "alpha[0].first");
    expectRefused([&](Json& s) { alpha(s)["logits"] = std::vector<double>(41, 0); }, 1, "logits");
    expectRefused([&](Json& s) { alpha(s)["logits"][0] = kNan; }, 1, "logits[0]");
    expectRefused([&](Json& s) { alpha(s)["second"][0] = -1; }, 1, "second[0]");
    expectRefused([&](Json& s) { s["targets"][0]["accelerator"] = std::vector<int>(12, 99999999); },
                  1, "accelerator");
    expectRefused([&](Json& s) { s["targets"][0]["priced_for"] = std::vector<int>(3, 99999); }, 1,
                  "priced_for");
    expectRefused([&](Json& s) { s["targets"][0]["search"]["last_best"][0] = -1; }, 1, "last_best");
    expectRefused([&](Json& s) { s["targets"][0]["search"]["baselines"] = {1.0}; }, 1, "baselines");
    expectRefused([&](Json& s) { s["candidates"][0][1] = 99999999; }, 1, "candidates[0][1]");
    expectRefused([&](Json& s) { s["candidates"][0][0] = "7.7.7|0"; }, 1, "candidates[0]");
    expectRefused([&](Json& s) { s["candidates"].push_back(s["candidates"][0]); }, 1, "before");
    expectRefused([&](Json& s) { s["step"] = -1; }, 1, "step");
    expectRefused([&](Json& s) { s["step"] = 1 << 20; }, 1, "step");
    expectRefused([&](Json& s) { s["step"] = 1.5; }, 1, "step");
    expectRefused([&](Json& s) { s["stage"] = 7; }, 1, "stage");
    expectRefused([&](Json& s) { s["stage"] = 3; }, 1, "");
    expectRefused([&](Json& s) { s["version"] = 2; }, 1, "version");
    expectRefused([&](Json& s) { s.erase("supernet"); }, 1, "supernet");
    expectRefused([&](Json& s) { s["supernet"] = "text"; }, 1, "supernet");
    expectRefused([&](Json& s) { s["looks"] = {{17, true}}; }, 1, "looks[0]");
    expectRefused(
        [&](Json& s) {
            s["changes"] = {{{"change", "stop"}, {"target", 9}}};
        },
        1, "changes[0]");
    expectRefused([&](Json& s) { s["ranking"] = {std::int64_t{1'000'000'000'000'000}}; }, 2,
                  "ranking[0]");
    expectRefused([&](Json& s) { s["ranked"] = 9999; }, 2, "ranked");
    expectRefused([&](Json& s) { s["finalists"] = {0}, s["finished"] = 1; }, 2, "finished");
    expectRefused([&](Json& s) { s["training"] = Json::array(); }, 2, "trains");
}

/// Any value of a document, all equally likely by a walk from the top.
Json& anyValue(Json& json, base::Random& random) {
    Json* value = &json;
    while (value->is_structured() && !value->empty() && random.below(6) != 0) {
        auto entry = value->begin();
        std::advance(entry, static_cast<std::ptrdiff_t>(random.below(value->size())));
        value = &*entry;
    }
    return *value;
}

void change(Json& value, base::Random& random) {
    const std::array<Json, 12> others = {-1,
                                         0,
                                         1,
                                         7,
                                         2147483647,
                                         std::numeric_limits<std::int64_t>::min(),
                                         std::numeric_limits<std::uint64_t>::max(),
                                         1e308,
                                         std::numeric_limits<double>::infinity(),
                                         "0.0.0|0",
                                         nullptr,
                                         Json::array({1, 2})};
    switch (random.below(5)) {
        case 0: value = others[random.below(others.size())]; break;
        case 1:
            if (value.is_number_integer()) value = value.get<std::int64_t>() + 1;
            break;
        case 2:
            if (value.is_array() && !value.empty()) value.push_back(value[0]);
            break;
        case 3:
            if (value.is_structured() && !value.empty()) value.erase(value.begin());
            break;
        default: value = Json::array(); break;
    }
}

TEST_F(SavedState, WithAnyValueChangedIsRefusedOrGoneOnWith) {
    base::Random random(5, "changed state");
    int taken = 0;
    for (int i = 0; i < 600; ++i) {
        auto state = m_states[random.below(m_states.size())];
        for (auto changes = 1 + random.below(2); changes > 0; --changes) {
            change(anyValue(state, random), random);
        }
        tryOut(state, taken);
    }
    EXPECT_GT(taken, 5) << "changes that nobody can tell";
}

TEST_F(SavedState, WithAnyByteChangedIsRefusedOrGoneOnWith) {
    base::Random random(6, "changed byte");
    for (int i = 0; i < 200; ++i) {
        auto state = m_states[1];
        state["supernet"] = Json::binary({1, 2, 3});
        auto bytes = Json::to_cbor(state);
        bytes[random.below(bytes.size())] ^= static_cast<std::uint8_t>(1 << random.below(8));
        const auto read = readState(bytes, m_spec);
        EXPECT_FALSE(make(m_executor)->restore(bytes).ok()) << "the weights are none";
        (void)read;
    }
}

}  // namespace
}  // namespace cohelix::search
