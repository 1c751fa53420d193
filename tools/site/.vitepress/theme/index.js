// The default theme in the fonts of the reader's machine, with the colours of Forescale's own page.
import theme from 'vitepress/theme-without-fonts';
import './style.css';

export default theme;
