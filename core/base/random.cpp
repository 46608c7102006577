// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"

#include <cmath>
#include <numbers>
#include <numeric>

namespace cohelix::base {
namespace {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

}  // namespace

std::uint64_t hashOf(std::string_view bytes, std::uint64_t start) {
    std::uint64_t hash = start;
    for (const char c : bytes) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    return hash;
}

Random::Random(std::uint64_t seed, std::string_view purpose, std::uint64_t first,
               std::uint64_t second)
    : m_state(mix(mix(mix(mix(seed + kGolden) ^ hashOf(purpose)) + first * kGolden) +
                  second * 0xd1b54a32d192ed03ULL)) {}

std::uint64_t Random::next() { return mix(m_state += kGolden); }

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::uint64_t Random::below(std::uint64_t bound) {
    const std::uint64_t unbiased = -bound % bound;  // 2^64 mod bound
    std::uint64_t value = next();
    while (value < unbiased) value = next();
    return value % bound;
}

double Random::normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

double Random::gumbel() {
    const double u = (static_cast<double>(next() >> 12) + 0.5) * 0x1.0p-52;  // never 0 or 1
    return -std::log(-std::log(u));
}

std::vector<std::uint32_t> permutation(std::uint32_t count, Random stream) {
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    stream.shuffle(std::span(order));
    return order;
}

}  // namespace cohelix::base
