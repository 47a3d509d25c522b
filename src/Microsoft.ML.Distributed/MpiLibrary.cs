using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.Distributed;

/// <summary>
/// What is used of an MPI library: MPICH and what shares its handles (Intel MPI, MVAPICH, MS-MPI), whose handles are numbers, or Open MPI, whose handles are the addresses of its objects.
/// Numbers fit into where an address is passed, so that one signature serves both.
/// </summary>
internal sealed unsafe partial class MpiLibrary
{
    private const int ThreadMultiple = 3, MostText = 8192;

    // How Open MPI sums what it is not waited for in (nbc_iallreduce.c). Unasked it takes a tree for sums in place, at log2(N) times the bytes each way; a number for each process or more goes the way of Rabenseifner
    // (Thakur et al. 2005, section 4.4), at 2(N-1)/N of them, and less in a ring.
    private const string SumAlgorithm = "OMPI_MCA_coll_libnbc_iallreduce_algorithm", Rabenseifner = "3";

    private readonly nint _library;
    private readonly delegate* unmanaged<nint*, nint*, int, int*, int> _initThread;
    private readonly delegate* unmanaged<int*, int> _initialized;
    private readonly delegate* unmanaged<int> _finalize;
    private readonly delegate* unmanaged<nint, int*, int> _commRank, _commSize;
    private readonly delegate* unmanaged<nint, nint, int> _setErrorHandler;
    private readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, nint*, int> _allReduce;
    private readonly delegate* unmanaged<void*, int, nint, int, nint, nint*, int> _broadcast;
    private readonly delegate* unmanaged<void*, int, nint, void*, int, nint, nint, nint*, int> _allGather;
    private readonly delegate* unmanaged<nint, nint*, int> _barrier;
    private readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> _send, _receive;
    private readonly delegate* unmanaged<int, int, nint, int*, nint, int> _probe;
    private readonly delegate* unmanaged<nint*, int*, nint, int> _test;
    private readonly delegate* unmanaged<int, byte*, int*, int> _errorText;
    private readonly delegate* unmanaged<byte*, int*, int> _version;

    private readonly nint _world, _float, _double, _byte, _sum, _errorsReturn, _ignoreStatus;
    private readonly void* _inPlace;
    private readonly bool _isOpenMpi;

    private MpiLibrary(nint library)
    {
        _library = library;
        nint Function(string name) => NativeLibrary.GetExport(_library, name);
        _initThread = (delegate* unmanaged<nint*, nint*, int, int*, int>)Function("MPI_Init_thread");
        _initialized = (delegate* unmanaged<int*, int>)Function("MPI_Initialized");
        _finalize = (delegate* unmanaged<int>)Function("MPI_Finalize");
        _commRank = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_rank");
        _commSize = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_size");
        _setErrorHandler = (delegate* unmanaged<nint, nint, int>)Function("MPI_Comm_set_errhandler");
        _allReduce = (delegate* unmanaged<void*, void*, int, nint, nint, nint, nint*, int>)Function("MPI_Iallreduce");
        _broadcast = (delegate* unmanaged<void*, int, nint, int, nint, nint*, int>)Function("MPI_Ibcast");
        _allGather = (delegate* unmanaged<void*, int, nint, void*, int, nint, nint, nint*, int>)Function("MPI_Iallgather");
        _barrier = (delegate* unmanaged<nint, nint*, int>)Function("MPI_Ibarrier");
        _send = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Function("MPI_Isend");
        _receive = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Function("MPI_Irecv");
        _probe = (delegate* unmanaged<int, int, nint, int*, nint, int>)Function("MPI_Iprobe");
        _test = (delegate* unmanaged<nint*, int*, nint, int>)Function("MPI_Test");
        _errorText = (delegate* unmanaged<int, byte*, int*, int>)Function("MPI_Error_string");
        _version = (delegate* unmanaged<byte*, int*, int>)Function("MPI_Get_library_version");

        _isOpenMpi = NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _world);
        if (_isOpenMpi)
        {
            (_float, _double, _byte) = (Function("ompi_mpi_float"), Function("ompi_mpi_double"), Function("ompi_mpi_byte"));
            (_sum, _errorsReturn) = (Function("ompi_mpi_op_sum"), Function("ompi_mpi_errors_return"));
            _inPlace = (void*)1;
            _ignoreStatus = 0;
        }
        else
        {
            // The numbers of MPICH's interface (mpi.h), which its relatives promise to keep.
            (_world, _float, _double, _byte) = (0x44000000, 0x4c00040a, 0x4c00080b, 0x4c00010d);
            (_sum, _errorsReturn) = (0x58000003, 0x54000001);
            _inPlace = (void*)-1;
            _ignoreStatus = 1;
        }
    }

    /// <summary>The names that libraries have, those of the launcher that started this process first.</summary>
    private static string[] Names => OperatingSystem.IsWindows() ? ["msmpi.dll"]
        : MpiLauncher.IsOpenMpi ? ["libmpi.so.40", "libmpi.so", "libmpi.dylib"]
        : ["libmpich.so.12", "libmpi.so.12", "libmpich.so", "libmpi.dylib"];

    /// <summary>Loads the library of the launcher that started this process.</summary>
    /// <exception cref="DllNotFoundException">It is not there.</exception>
    internal static MpiLibrary Load()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return new MpiLibrary(library);
            }
        }

        throw new DllNotFoundException($"This process was started by MPI's launcher, and MPI's library is not there: none of {string.Join(", ", Names)} can be loaded. "
            + "Install the library of the same MPI, MPICH or Open MPI for instance.");
    }

    /// <summary>Starts MPI, for calls from any thread.</summary>
    internal void Start()
    {
        int isStarted, level;
        Check(_initialized(&isStarted), "MPI_Initialized");
        if (isStarted == 0)
        {
            if (_isOpenMpi)
            {
                _ = SetVariable(SumAlgorithm, Rabenseifner, overwrite: 0);
            }

            Check(_initThread(null, null, ThreadMultiple, &level), "MPI_Init_thread");
            if (level < ThreadMultiple)
            {
                throw new InvalidOperationException($"MPI must allow calls from any thread (MPI_THREAD_MULTIPLE); {Version} allows level {level} of 3.");
            }
        }

        Check(_setErrorHandler(_world, _errorsReturn), "MPI_Comm_set_errhandler");
    }

    // .NET's own variables are not those that a library reads.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    internal void End() => Check(_finalize(), "MPI_Finalize");

    internal (int Rank, int Size) World()
    {
        int rank, size;
        Check(_commRank(_world, &rank), "MPI_Comm_rank");
        Check(_commSize(_world, &size), "MPI_Comm_size");
        return (rank, size);
    }

    /// <summary>The library and its version, on one line.</summary>
    internal string Version
    {
        get
        {
            var text = stackalloc byte[MostText];
            int length;
            return _version(text, &length) == 0 ? Encoding.UTF8.GetString(text, length).TrimEnd('\0').Split('\n', ',')[0].Replace(":\t", " ", StringComparison.Ordinal).Trim() : "MPI";
        }
    }

    // What is begun goes on in Test, and needs its memory where it is until that says that it is done.
    internal nint Sum(float* values, int count) => Begin("MPI_Iallreduce", request => _allReduce(_inPlace, values, count, _float, _sum, _world, (nint*)request));

    internal nint Sum(double* values, int count) => Begin("MPI_Iallreduce", request => _allReduce(_inPlace, values, count, _double, _sum, _world, (nint*)request));

    internal nint Broadcast(byte* bytes, int count) => Begin("MPI_Ibcast", request => _broadcast(bytes, count, _byte, 0, _world, (nint*)request));

    internal nint Gather(byte* own, int count, byte* all) => Begin("MPI_Iallgather", request => _allGather(own, count, _byte, all, count, _byte, _world, (nint*)request));

    internal nint Barrier() => Begin("MPI_Ibarrier", request => _barrier(_world, (nint*)request));

    internal nint Send(byte* bytes, int count, int to, int tag) => Begin("MPI_Isend", request => _send(bytes, count, _byte, to, tag, _world, (nint*)request));

    internal nint Receive(byte* bytes, int count, int from, int tag) => Begin("MPI_Irecv", request => _receive(bytes, count, _byte, from, tag, _world, (nint*)request));

    /// <summary>Whether a message has come that can be received.</summary>
    internal bool HasCome(int from, int tag)
    {
        int flag;
        Check(_probe(from, tag, _world, &flag, _ignoreStatus), "MPI_Iprobe");
        return flag != 0;
    }

    /// <summary>Goes on with what was begun; whether it is done.</summary>
    internal bool Test(ref nint request)
    {
        int flag;
        fixed (nint* one = &request)
        {
            Check(_test(one, &flag, _ignoreStatus), "MPI_Test");
        }

        return flag != 0;
    }

    private nint Begin(string function, Func<nint, int> call)
    {
        nint request = 0;
        Check(call((nint)(&request)), function);
        return request;
    }

    private void Check(int code, string function)
    {
        if (code == 0)
        {
            return;
        }

        var text = stackalloc byte[MostText];
        int length;
        var said = _errorText(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, length) : $"code {code}";
        throw new InvalidOperationException($"{function} failed: {said}");
    }
}
