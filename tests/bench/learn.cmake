# SPDX-License-Identifier: GPL-3.0-or-later
# Included by tests/bench/CMakeLists.txt: images a second of supernet and trainer.
find_package(benchmark REQUIRED)
add_executable(learn_bench ${CMAKE_CURRENT_LIST_DIR}/learn_bench.cpp)
target_link_libraries(learn_bench PRIVATE cohelix_learn benchmark::benchmark_main)
