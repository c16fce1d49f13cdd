/* Three libraries that every Windows has and Wine 8 has not, or not whole: without them Qt is not loaded, its window not
 * shown, or cryptography not loaded. They go into the prefix of the test, never into a package. */
#define NOTHING(name) __declspec(dllexport) void *name(void) { return 0; }

#ifdef ICUUC
__declspec(dllexport) void *ucnv_open(const char *name, int *error)
{
    (void)name;
    *error = 16; /* U_UNSUPPORTED_ERROR */
    return 0;
}
NOTHING(UCNV_FROM_U_CALLBACK_SUBSTITUTE)
NOTHING(UCNV_TO_U_CALLBACK_SUBSTITUTE)
NOTHING(ucnv_cbFromUWriteUChars)
NOTHING(ucnv_cbToUWriteUChars)
NOTHING(ucnv_close)
NOTHING(ucnv_countAvailable)
NOTHING(ucnv_fromUCountPending)
NOTHING(ucnv_fromUnicode)
NOTHING(ucnv_getAvailableName)
NOTHING(ucnv_getFromUCallBack)
NOTHING(ucnv_getMaxCharSize)
NOTHING(ucnv_getName)
NOTHING(ucnv_getStandardName)
NOTHING(ucnv_getToUCallBack)
NOTHING(ucnv_reset)
NOTHING(ucnv_setFromUCallBack)
NOTHING(ucnv_setToUCallBack)
NOTHING(ucnv_toUCountPending)
NOTHING(ucnv_toUnicode)
#elif defined BCRYPTPRIMITIVES
__declspec(dllimport) unsigned char SystemFunction036(void *bytes, unsigned long length); /* RtlGenRandom */

__declspec(dllexport) int ProcessPrng(void *bytes, unsigned long long length)
{
    return SystemFunction036(bytes, (unsigned long)length);
}
#else
NOTHING(CloseColorProfile)
NOTHING(GetColorProfileFromHandle)
NOTHING(OpenColorProfileW)
NOTHING(WcsCreateIccProfile)
#endif
