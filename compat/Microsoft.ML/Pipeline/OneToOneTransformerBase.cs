using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that makes each output column from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    internal readonly (string outputColumnName, string inputColumnName)[] ColumnPairs;
    private readonly TransformerFormat _format;

    private protected OneToOneTransformerBase(
        TransformerFormat format, IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(format.Register(env))
    {
        _format = format;
        Host.CheckValue(columns, nameof(columns));
        var names = new HashSet<string>();
        foreach (var (output, input) in columns)
        {
            Host.CheckNonEmpty(input, nameof(columns));
            Host.CheckNonEmpty(output, nameof(columns));
            if (!names.Add(output))
            {
                throw Contracts.ExceptParam(nameof(columns), $"Name of the result column '{output}' specified multiple times");
            }
        }

        ColumnPairs = columns;
    }

    private protected OneToOneTransformerBase(TransformerFormat format, IHostEnvironment env, ModelLoadContext ctx)
        : base(format.Open(env, ctx))
    {
        _format = format;
        var count = ctx.Reader.ReadInt32();
        Host.CheckDecode(count >= 0);
        ColumnPairs = new (string, string)[count];
        for (var i = 0; i < count; i++)
        {
            ColumnPairs[i] = (ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString());
        }
    }

    // *** Binary format ***
    // int: number of columns; for each: string id: output column; string id: input column; then what SaveBody writes
    private protected sealed override void SaveModel(ModelSaveContext ctx)
    {
        _format.Begin(Host, ctx);
        ctx.Writer.Write(ColumnPairs.Length);
        foreach (var (output, input) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(output);
            ctx.SaveNonEmptyString(input);
        }

        SaveBody(ctx);
    }

    private protected virtual void SaveBody(ModelSaveContext ctx)
    {
    }

    private protected virtual void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
    }

    private protected abstract class OneToOneMapperBase : MapperBase
    {
        protected readonly Dictionary<int, int> ColMapNewToOld = new();
        private readonly OneToOneTransformerBase _parent;

        protected OneToOneMapperBase(IHost host, OneToOneTransformerBase parent, DataViewSchema inputSchema)
            : base(host, inputSchema, parent)
        {
            _parent = parent;
            for (var i = 0; i < parent.ColumnPairs.Length; i++)
            {
                var name = parent.ColumnPairs[i].inputColumnName;
                var source = inputSchema.GetColumnOrNull(name) ?? throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
                parent.CheckInputColumn(inputSchema, i, source.Index);
                ColMapNewToOld.Add(i, source.Index);
            }
        }

        private protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            var active = new bool[InputSchema.Count];
            foreach (var (output, input) in ColMapNewToOld)
            {
                active[input] |= activeOutput(output);
            }

            return column => active[column];
        }

        private protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);
    }
}
