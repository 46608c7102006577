// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_attention.h"

#include <algorithm>
#include <unordered_map>

namespace cohelix::interop {
namespace {

std::int64_t sum(std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    return a < 0 || b < 0 || __builtin_add_overflow(a, b, &result) ? -1 : result;
}

std::int64_t share(std::int64_t whole, std::int64_t parts) {
    return whole < 0 || parts < 1 ? -1 : whole / parts;
}

/// Tokens kept from before, of a tensor in which they are the axis before the last.
std::int64_t keptTokens(const OnnxNode& node, int input) {
    if (!node.has(input)) return 0;
    const auto* past = node.shape(input);
    return past && past->size() >= 4 ? (*past)[past->size() - 2] : -1;
}

/// onnxruntime's Attention: projects one input by one matrix to queries, keys and values.
std::optional<Attention> projecting(const OnnxNode& node, int past) {
    const auto* x = node.shape(0);
    const auto* weights = node.shape(1);
    const auto heads = node.integer("num_heads", 0);
    if (!x || x->size() != 3 || !weights || weights->size() != 2 || heads < 1) return std::nullopt;
    Attention it;
    it.batch = (*x)[0];
    it.heads = it.keyHeads = heads;
    it.queries = (*x)[1];
    it.keys = sum(keptTokens(node, past), it.queries);
    it.inputSize = (*x)[2];
    it.projected = (*weights)[1];
    auto query = share(it.projected, 3), value = query;
    if (const auto sizes = node.integers("qkv_hidden_sizes"); sizes && sizes->size() == 3) {
        query = (*sizes)[0];
        value = (*sizes)[2];
    }
    it.headSize = share(query, heads);
    it.valueSize = share(value, heads);
    return it;
}

/// Tokens and size of one head of keys or values: batch x tokens x all heads, or with heads apart.
struct Side {
    std::int64_t heads = -1, tokens = -1, size = -1;
};

std::optional<Side> sideOf(const OnnxShape* shape, std::int64_t heads) {
    if (!shape) return std::nullopt;
    const auto& s = *shape;
    if (s.size() == 3) return Side{heads, s[1], share(s[2], heads)};
    if (s.size() == 4) return Side{s[1], s[2], s[3]};
    return std::nullopt;
}

struct Inputs {
    const char* heads;
    const char* keyHeads;  ///< nullptr: as many
    int past;              ///< of the keys
};

std::optional<Attention> givenApart(const OnnxNode& node, const Inputs& inputs) {
    const auto* q = node.shape(0);
    if (!q) return std::nullopt;
    Attention it;
    const auto stated = node.integer(inputs.heads, 0);
    it.batch = q->empty() ? -1 : (*q)[0];
    it.heads = stated;
    it.keyHeads = inputs.keyHeads ? node.integer(inputs.keyHeads, stated) : stated;
    const auto kept = keptTokens(node, inputs.past);
    if (!node.has(1)) {
        // All three in one: batch x tokens x heads x 3 x size, or of groups one behind another.
        if (q->size() == 5) it.headSize = (*q)[4];
        if (q->size() == 3) it.headSize = share((*q)[2], it.heads + 2 * it.keyHeads);
        if ((q->size() != 5 && q->size() != 3) || it.heads < 1 || it.keyHeads < 1) {
            return std::nullopt;
        }
        it.queries = (*q)[1];
        it.valueSize = it.headSize;
        it.keys = sum(kept, it.queries);
        return it;
    }
    const auto query = sideOf(q, stated);
    if (!query) return std::nullopt;
    it.heads = query->heads;
    it.queries = query->tokens;
    it.headSize = query->size;
    it.perHead = q->size() == 4;
    const auto* k = node.shape(1);
    if (!node.has(2) && k && k->size() == 5) {  // keys and values in one
        it.keys = sum(kept, (*k)[1]);
        it.valueSize = (*k)[4];
        return it;
    }
    const auto key = sideOf(k, it.perHead && k && k->size() == 4 ? (*k)[1] : it.keyHeads);
    if (!key) return std::nullopt;
    if (k->size() == 4 && it.perHead) it.keyHeads = key->heads;
    it.keys = sum(kept, key->tokens);
    const auto value = sideOf(node.shape(2), it.keyHeads);
    it.valueSize = value ? value->size : it.headSize;
    if (it.keyHeads < 1 || it.heads < 1) return std::nullopt;
    return it;
}

bool sound(const Attention& it) {
    return it.heads >= 1 && it.keyHeads >= 1 && it.heads % it.keyHeads == 0 &&
           it.heads <= 1'000'000;
}

}  // namespace

std::optional<Attention> attentionOf(const OnnxNode& node) {
    const auto& op = node.op();
    std::optional<Attention> it;
    if (isStandardDomain(node.domain())) {
        if (op == "Attention") it = givenApart(node, {"q_num_heads", "kv_num_heads", 4});
    } else if (node.domain() == "com.microsoft") {
        if (op == "Attention") it = projecting(node, 4);
        if (op == "QAttention") it = projecting(node, 8);
        if (op == "DecoderMaskedSelfAttention") it = projecting(node, 4);
        if (op == "MultiHeadAttention") it = givenApart(node, {"num_heads", nullptr, 6});
        if (op == "DecoderMaskedMultiHeadAttention") {
            it = givenApart(node, {"num_heads", nullptr, 5});
        }
        if (op == "GroupQueryAttention") it = givenApart(node, {"num_heads", "kv_num_heads", 3});
        // Room for tokens to come is no token.
        if (const auto total = node.whole(6); it && op == "GroupQueryAttention" && total) {
            it->keys = *total;
        }
        const auto window = node.integer("local_window_size", -1);
        if (it && op == "GroupQueryAttention" && window >= 1 && it->keys > window) {
            it->apart = it->keys - window;
            it->keys = window;
        }
    }
    if (!it || !sound(*it)) return std::nullopt;
    return it;
}

}  // namespace cohelix::interop
