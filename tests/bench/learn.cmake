# SPDX-License-Identifier: GPL-3.0-or-later
# Included by tests/bench/CMakeLists.txt: what learning costs.
find_package(benchmark REQUIRED)
add_executable(learn_bench ${CMAKE_CURRENT_LIST_DIR}/learn_bench.cpp)
target_link_libraries(learn_bench PRIVATE cohelix_learn benchmark::benchmark_main)
add_executable(training_bench ${CMAKE_CURRENT_LIST_DIR}/training_bench.cpp
               ${CMAKE_CURRENT_LIST_DIR}/plain_supernet.cpp)
target_link_libraries(training_bench PRIVATE cohelix_search_joint cohelix_libtorch)
cohelix_trains(training_bench)
