// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/orders.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "core/nest/window.h"

namespace cohelix::mapping {
namespace {

/// Orders of these dimensions, built from the inside out.
std::vector<Order> differentOrders(const std::vector<Dim>& present, bool all) {
    std::vector<Order> orders;
    Order order;
    const auto has = [&order](Dim dim) {
        return std::find(order.begin(), order.end(), dim) != order.end();
    };
    const auto any = [&order](auto&& test) {
        return std::any_of(order.begin(), order.end(), test);
    };
    // Once every tensor's tile has moved for good, the order of what is outside is the same. (Not
    // where a loop inside may make but one trip at an edge.)
    const auto settled = [&] {
        return order.size() == present.size() ||
               (!all && any([](Dim dim) { return nest::indexes(Tensor::Weights, dim); }) &&
                any([](Dim dim) { return nest::indexes(Tensor::Outputs, dim); }) &&
                any([](Dim dim) { return replaces(Tensor::Inputs, dim); }));
    };
    const std::function<void()> extend = [&] {
        if (settled()) {
            Order whole = order;
            for (const Dim dim : present) {
                if (!has(dim)) whole.push_back(dim);
            }
            orders.push_back(std::move(whole));
            return;
        }
        for (const Dim dim : present) {
            if (has(dim)) continue;
            order.push_back(dim);
            extend();
            order.pop_back();
        }
    };
    extend();
    return orders;
}

}  // namespace

const std::vector<Order>& ordersOf(const LoopSizes& trips, bool all) {
    thread_local std::array<std::array<std::vector<Order>, 1 << model::kLoopDims>, 2> known;
    std::vector<Dim> present;
    std::size_t mask = 0;
    for (const Dim dim : model::kAllLoopDims) {
        if (trips[indexOf(dim)] == 1) continue;
        present.push_back(dim);
        mask |= std::size_t{1} << indexOf(dim);
    }
    auto& orders = known[all ? 1 : 0][mask];
    if (orders.empty()) orders = differentOrders(present, all);
    return orders;
}

bool replaces(Tensor tensor, Dim dim) {
    return nest::indexes(tensor, dim) && (tensor != Tensor::Inputs || !nest::slides(dim));
}

Reuse reuse(Tensor tensor, std::span<const Dim> order, const LoopSizes& trips) {
    Reuse found;
    for (const Dim dim : order) {
        if (replaces(tensor, dim)) {
            found.by = dim;
            return found;
        }
        if (!nest::indexes(tensor, dim)) found.steps *= static_cast<double>(trips[indexOf(dim)]);
    }
    return found;
}

}  // namespace cohelix::mapping
