# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DROOT=… -DOUTPUT=… -P fingerprint.cmake: one text for all headers that programs and the
# training module share. A module of other headers would be called wrongly.
file(GLOB headers ${ROOT}/core/base/*.h ${ROOT}/core/model/*.h ${ROOT}/core/hardware/*.h
     ${ROOT}/core/specification/*.h ${ROOT}/core/learn/*.h)
list(SORT headers)
set(all "")
foreach(header IN LISTS headers)
    file(SHA256 ${header} digest)
    string(APPEND all ${digest})
endforeach()
string(SHA256 all "${all}")
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define COHELIX_FINGERPRINT \"${all}\"\n")
