// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/builder.h"

namespace cohelix::workload {
namespace {

constexpr std::int64_t kMostTokens = 512;
constexpr std::int64_t kVocabulary = 30522;
constexpr std::int64_t kWidth = 768;
constexpr int kHeads = 12;
constexpr int kBlocks = 12;

/// Scores and context are products of what the heads compute: one group a head, keys and values
/// in the place of weights.
void addBlock(Builder& builder, const std::string& block, std::int64_t tokens) {
    const auto bias = Trained::Bias;
    for (const char* part : {".query", ".key", ".value"}) {
        builder.addProduct(block + part, tokens, kWidth, kWidth, bias);
    }
    builder.addProduct(block + ".scores", tokens, kWidth, kHeads * tokens, {}, kHeads);
    builder.addProduct(block + ".context", tokens, kHeads * tokens, kWidth, {}, kHeads);
    builder.addProduct(block + ".output", tokens, kWidth, kWidth, bias);
    builder.addProduct(block + ".expand", tokens, kWidth, 4 * kWidth, bias);
    builder.addProduct(block + ".project", tokens, 4 * kWidth, kWidth, bias);
    const std::int64_t normalisation = 2 * 2 * kWidth;
    builder.count(normalisation);
}

}  // namespace

base::Result<Workload> bertBase(std::int64_t tokens) {
    if (tokens < 1 || tokens > kMostTokens) {
        return base::Error{"bert-base:" + std::to_string(tokens),
                           "the number of tokens is not from 1 to 512", "Give for example 128"};
    }
    Builder builder(
        tokens == 128 ? "bert-base" : "bert-base:" + std::to_string(tokens),
        "BERT-base, uncased (Devlin et al., NAACL 2019), " + std::to_string(tokens) + " tokens");
    const std::int64_t embedded = kVocabulary + kMostTokens + 2;  // words, positions, segments
    builder.count(embedded * kWidth + 2 * kWidth);
    for (int i = 0; i < kBlocks; ++i) addBlock(builder, "block" + std::to_string(i), tokens);
    builder.addProduct("pooler", 1, kWidth, kWidth, Trained::Bias);
    return builder.take();
}

}  // namespace cohelix::workload
