import { element } from '../frame/dom.js';
import { sliders, stepsOf } from './settings.js';

/** Sliders for the settings. `onChange` gets all settings each time one of them was moved. */
export function createSliders(container, { onChange }) {
  let settings;
  const parts = sliders.map((slider) => createSlider(slider));
  container.replaceChildren(...parts.map((part) => part.element));

  function createSlider(slider) {
    const input = element('input', { type: 'range', min: '0', step: '1', id: `what-if-${slider.name}` });
    const output = element('output', { htmlFor: input.id });
    const now = element('span', { className: 'note' });
    let steps = [];
    let unit = '';
    const say = () => {
      const words = slider.format(steps[Number(input.value)], unit);
      output.textContent = words;
      input.setAttribute('aria-valuetext', words);
    };
    input.addEventListener('input', () => {
      say();
      settings = { ...settings, [slider.name]: steps[Number(input.value)] };
      onChange(settings);
    });
    return {
      element: element(
        'div',
        { className: 'slider' },
        element('label', { htmlFor: input.id, textContent: slider.label }),
        output,
        input,
        now,
      ),
      show(present, { unit: unitOfDemand, assumed }) {
        unit = unitOfDemand;
        steps = stepsOf(slider, settings, present);
        input.max = String(steps.length - 1);
        input.value = String(steps.indexOf(settings[slider.name]));
        const isAssumed = assumed.has(slider.name);
        now.textContent = `${isAssumed ? 'not known, assumed' : 'now'} ${slider.format(present[slider.name], unit)}`;
        say();
      },
    };
  }

  return {
    show(chosen, present, about) {
      settings = chosen;
      for (const part of parts) part.show(present, about);
    },
  };
}
