// Step 4: what can be taken along.
import { api } from '../api.js';
import { button, el, fill, icon } from '../dom.js';
import { toast } from '../toast.js';

export class ConsumeStep {
  constructor() {
    this.body = document.getElementById('consume-body');
  }

  show(training) {
    const name = training.name ?? 'model';
    const identifier = identifierOf(name);
    fill(this.body, el('div.downloads', {},
      download(training, 'model.zip', 'chip', `${name}.zip`, 'The ML.NET model. Load it with MLContext wherever Microsoft.ML.TTT is referenced.'),
      download(training, 'model.onnx', 'spark', `${name}.onnx`, 'The same model for ONNX Runtime, in any language, in a browser or on a telephone.'),
      download(training, 'code.zip', 'code', `${identifier} code`, 'C# to predict and to train again, laid out as Model Builder does.'),
      download(training, 'report.html', 'report', 'Report', 'Curves, confusion matrix, figures and pictures in one file.')),
    snippet(name));
  }
}

function download(training, file, iconName, title, text) {
  return el('a.download', { href: api.fileUrl(training.id, file), download: '' }, el('span.badge', {}, icon(iconName)), el('b', {}, title), el('small', {}, text));
}

const identifierOf = name => name.replace(/[^\p{L}\p{Nd}_]+/gu, '_').replace(/^(?=\d)/, '_') || 'Model';

function snippet(name) {
  const code = `using Microsoft.ML;

var mlContext = new MLContext();
var model = mlContext.Model.Load("${name}.zip", out _);
var engine = mlContext.Model.CreatePredictionEngine<Input, Output>(model);

var answer = engine.Predict(new Input { ImageSource = File.ReadAllBytes("picture.jpg") });
Console.WriteLine($"{answer.PredictedLabel} {answer.Score.Max():P0}");

public class Input { public byte[] ImageSource { get; set; } = []; public string Label { get; set; } = ""; }
public class Output { public string PredictedLabel { get; set; } = ""; public float[] Score { get; set; } = []; }`;
  const copy = button('Copy', 'copy', async () => {
    try {
      await navigator.clipboard.writeText(code);
      toast('Copied.', { seconds: 2 });
    } catch {
      toast('The browser did not allow copying.', { bad: true });
    }
  }, '.small');
  return el('div.panel.snippet', {}, el('div.panel-head', {}, el('h2', {}, 'Predict in C#'), copy), el('pre', { tabIndex: 0 }, el('code', {}, code)));
}
