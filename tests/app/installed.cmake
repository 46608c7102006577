# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DBUILD=FOLDER -DTRAINS=BOOL -P installed.cmake: what an installer would put on a machine
# starts, and finds the module that it trains with.
set(root "${BUILD}/installed")
set(place "${root}/usr")  # so deep that bin/../../lib is not the build's
file(REMOVE_RECURSE "${root}")
function(run)
    execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "${ARGN} failed: ${said}")
    endif()
    set(said "${said}" PARENT_SCOPE)
endfunction()

run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${place}")
run("${place}/bin/cohelix-cli" --version)
message("${said}")
if(TRAINS AND NOT said MATCHES "LibTorch [0-9]")
    message(FATAL_ERROR "the installed program cannot train")
endif()
if(NOT EXISTS "${BUILD}/CPackConfig.cmake")
    message(FATAL_ERROR "no installer is described")
endif()
file(GLOB specifications "${place}/share/cohelix/projects/*.json" "${place}/projects/*.json")
if(NOT specifications)
    message(FATAL_ERROR "no specification was installed")
endif()
file(REMOVE_RECURSE "${root}")
