using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>Classes whose values are known.</summary>
internal sealed class ClassLabelsOf<T>(PrimitiveDataViewType type, T[] values, Func<T, string> format) : ClassLabels(values.Length)
{
    public override PrimitiveDataViewType ValueType => type;

    public override string NameOf(int index) => format(values[index]);

    public override string[] ToText() => Array.ConvertAll(values, value => format(value));

    public override void AddTo(DataViewSchema.Annotations.Builder annotations, string kind)
    {
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> target) =>
        {
            var editor = VBufferEditor.Create(ref target, values.Length);
            values.CopyTo(editor.Values);
            target = editor.Commit();
        };
        annotations.Add(kind, new VectorDataViewType(type, values.Length), getter);
    }
}
